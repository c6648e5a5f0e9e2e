import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { firstCall } from "#app/(console)/[workspace]/first-call.ts";
import { create, revokeSeveral } from "#app/(console)/[workspace]/keys/actions.ts";
import { limitsByKey } from "#app/(console)/[workspace]/keys/limits-by-key.ts";
import { denial, Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { CreateKey } from "#components/keys/create-key.tsx";
import { KeyList } from "#components/keys/key-list.tsx";
import { SnippetTabs } from "#components/keys/snippet-tabs.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { type KeyFilter, keyFilter } from "#lib/domain/keys/input.ts";
import { keyPage } from "#lib/domain/keys/queries.ts";
import { mayChange } from "#lib/domain/keys/rules.ts";
import { modelsOf } from "#lib/domain/models/queries.ts";

export const metadata: Metadata = { title: "API keys" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function KeysPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  if (!can(ctx.actor, "keys.read")) {
    return (
      <Page>
        <PageHeader title="API keys" />
        <Refused ctx={ctx} permission="keys.read" />
      </Page>
    );
  }
  return <Keys ctx={ctx} base={`/${ctx.workspaceId}/keys`} asked={keyFilter.parse(await firstOf(searchParams))} />;
}

async function Keys({ ctx, base, asked }: { ctx: Context; base: string; asked: KeyFilter }) {
  const [page, models] = await Promise.all([keyPage(ctx, asked), modelsOf(ctx)]);
  const limits = await limitsByKey(
    ctx,
    page.rows.map(({ id }) => id),
  );
  const keys = page.rows.map((key) => ({ ...key, mayChange: mayChange(ctx.actor.permissions, ctx.actor.id, key) }));
  const call = await firstCall(models);
  const reason = await denial(ctx, "keys.write");
  return (
    <Page width="table">
      <PageHeader
        title="API keys"
        description="Keys belong to this workspace. Each acts for the person who made it, or for the workspace, and can be ended at any time."
        action={
          reason ? (
            <Denied label="Create key" reason={reason} />
          ) : (
            <CreateKey
              create={create}
              call={call}
              models={models.map(({ id }) => id)}
              mayServe={can(ctx.actor, "keys.write-any")}
            />
          )
        }
      />
      <KeyList
        keys={keys}
        range={page}
        asked={asked}
        base={base}
        limits={limits}
        now={ctx.now}
        revoke={revokeSeveral}
        empty={
          <EmptyState
            icon={KeyRound}
            title="No API keys yet"
            action={reason ? undefined : <LinkButton href="?create=1">Create the first key</LinkButton>}
            snippet={<SnippetTabs call={call} />}
          >
            A key lets your programs ask models for answers. With one, this works:
          </EmptyState>
        }
      />
    </Page>
  );
}
