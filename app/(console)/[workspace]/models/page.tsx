import { Boxes } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/(console)/[workspace]/refused.tsx";
import { ModelCard } from "#components/models/model-card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { modelsOf } from "#lib/domain/models/queries.ts";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage({ params }: { params: Promise<{ workspace: string }> }) {
  const ctx = await enter(params);
  const mayRead = can(ctx.actor, "models.read");
  const models = mayRead ? await modelsOf(ctx) : [];
  const mayTry = can(ctx.actor, "playground.use");
  return (
    <Page>
      <PageHeader title="Models" description="What can be asked for in this workspace, and what it costs." />
      {mayRead ? null : <Refused ctx={ctx} permission="models.read" />}
      {mayRead && models.length === 0 ? (
        <EmptyState icon={Boxes} title="No models are served">
          Whoever runs this platform has not connected an inference server yet.
        </EmptyState>
      ) : null}
      {models.map((model) => (
        <ModelCard
          key={model.id}
          model={model}
          playgroundHref={mayTry ? `/${ctx.workspaceId}/playground?model=${encodeURIComponent(model.id)}` : undefined}
        />
      ))}
    </Page>
  );
}
