import { Boxes } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { chatModels } from "#app/(console)/[workspace]/first-call.ts";
import { baseUrl } from "#app/(console)/base-url.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import type { PlaygroundModel } from "#components/playground/conversation.ts";
import { Playground } from "#components/playground/playground.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { Model } from "#lib/domain/models/catalogue.ts";
import { modelsOf } from "#lib/domain/models/queries.ts";
import { open } from "./actions.ts";

export const metadata: Metadata = { title: "Playground" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function PlaygroundPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const { model } = await firstOf(searchParams);
  return (
    <Page width="table">
      <PageHeader title="Playground" description="Try models and see what an answer takes before you write a line." />
      {can(ctx.actor, "playground.use") ? (
        <Desk ctx={ctx} wanted={model} />
      ) : (
        <Refused ctx={ctx} permission="playground.use" />
      )}
    </Page>
  );
}

async function Desk({ ctx, wanted }: { ctx: Context; wanted: string | undefined }) {
  const models = chatModels(await modelsOf(ctx)).flatMap(shown);
  const model = models.find(({ id }) => id === wanted) ?? models[0];
  if (!model) {
    return (
      <EmptyState icon={Boxes} title="No model can answer">
        Whoever runs this platform has not connected an inference server, or its models have no price yet.
      </EmptyState>
    );
  }
  return (
    <Playground
      models={models}
      model={model.id}
      baseUrl={await baseUrl()}
      logsHref={can(ctx.actor, "requests.read") ? `/${ctx.workspaceId}/logs` : undefined}
      open={open}
    />
  );
}

const shown = ({ id, name, upstream, maxContextLength, price }: Model): PlaygroundModel[] =>
  price ? [{ id, name, upstream, maxContextLength, price }] : [];
