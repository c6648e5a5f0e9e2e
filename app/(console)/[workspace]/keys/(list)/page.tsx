import { KeyRound } from "lucide-react";
import { firstCall } from "#app/(console)/[workspace]/first-call.ts";
import { create, revokeSeveral } from "#app/(console)/[workspace]/keys/actions.ts";
import { limitsByKey } from "#app/(console)/[workspace]/keys/limits-by-key.ts";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { CreateKey } from "#components/keys/create-key.tsx";
import { KeyList } from "#components/keys/key-list.tsx";
import { SnippetTabs } from "#components/keys/snippet-tabs.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { keyFilter } from "#lib/domain/keys/input.ts";
import { keyPage } from "#lib/domain/keys/queries.ts";
import { mayChange } from "#lib/domain/keys/rules.ts";
import { webOrigins } from "#lib/domain/organizations/web-origins/queries.ts";
import { modelsToAsk } from "#lib/domain/tuned-models/listing/queries.ts";

const keysPage = page({
  can: "keys.read",
  title: "API keys",
  description:
    "Keys belong to this workspace. Each acts for the person who made it, or for the workspace, and can be ended at any time.",
  width: "table",
  load: async (ctx, { search }) => {
    const asked = keyFilter.parse(search);
    const [page, models, reason, origins] = await Promise.all([
      keyPage(ctx, asked),
      modelsToAsk(ctx),
      denial(ctx, "keys.write"),
      webOrigins(ctx),
    ]);
    const ids = page.rows.map(({ id }) => id);
    const [limits, call] = await Promise.all([limitsByKey(ctx, ids), firstCall(models)]);
    return { asked, page, models, limits, call, reason, origins };
  },
  head: ({ models, call, reason, origins }, ctx) => ({
    action: reason ? (
      <Denied label="Create key" reason={reason} />
    ) : (
      <CreateKey
        create={create}
        call={call}
        models={models.map(({ id }) => id)}
        mayServe={can(ctx.actor, "keys.write-any")}
        origins={origins}
      />
    ),
  }),
  view: ({ asked, page, limits, call, reason }, ctx) => (
    <KeyList
      keys={page.rows.map((key) => ({ ...key, mayChange: mayChange(ctx.actor.permissions, ctx.actor.id, key) }))}
      range={page}
      asked={asked}
      base={`/${ctx.workspaceId}/keys`}
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
  ),
});

export const { generateMetadata } = keysPage;
export default keysPage.default;
