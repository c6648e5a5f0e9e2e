import { ScrollText } from "lucide-react";
import { page } from "#app/doors/workspace-page.tsx";
import { RequestFilters } from "#components/requests/request-filter.tsx";
import { RequestList } from "#components/requests/request-list.tsx";
import { Downloads } from "#components/ui/downloads.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ZeroRetentionMark } from "#components/zero-retention/zero-retention-mark.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { journalRange, listHref, pageSize } from "#lib/core/list/rules.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { keyChoices } from "#lib/domain/keys/queries.ts";
import { choiceOf, type KeyChoice } from "#lib/domain/keys/view.ts";
import { type RequestFilter, requestFilter } from "#lib/domain/request-log/input.ts";
import { requestsOf } from "#lib/domain/request-log/queries.ts";
import { zeroRetentionStanding } from "#lib/domain/zero-retention/queries.ts";

const logs = page({
  can: "requests.read",
  title: "Logs",
  description: "Every request to the API with its figures, never with its content.",
  width: "table",
  load: async (ctx, { search }) => {
    const filter = requestFilter.parse(search);
    const [page, models, keys, retention] = await Promise.all([
      requestsOf(ctx, filter),
      can(ctx.actor, "models.read") ? contractModels(ctx) : [],
      can(ctx.actor, "keys.read") ? offeredKeys(ctx, filter) : [],
      zeroRetentionStanding(ctx),
    ]);
    // All that the filters leave, whatever the page.
    const { before: _before, after: _after, ...asked } = filter;
    return { asked, page, models, keys, retention };
  },
  head: ({ asked, retention }, ctx) => ({
    badge: <ZeroRetentionMark {...retention} />,
    action: <Downloads hrefOf={(format) => listHref(`${baseOf(ctx)}/${format}`, asked)} />,
  }),
  view: ({ asked, page, models, keys }, ctx) => (
    <RequestList
      requests={page.requests}
      base={baseOf(ctx)}
      range={journalRange(page, page.requests.length)}
      asked={asked}
      filters={
        <RequestFilters
          chosen={asked}
          models={models.map(({ id }) => ({ value: id, label: id }))}
          keys={keys.map(choiceOf)}
          keySource={keys.length < pageSize ? undefined : `/${ctx.workspaceId}/keys/choices`}
        />
      }
      empty={
        <EmptyState icon={ScrollText} title="No requests yet">
          Each request appears here seconds after its answer, with its tokens, timings and cost.
        </EmptyState>
      }
    />
  ),
});

export const { generateMetadata } = logs;
export default logs.default;

const baseOf = ({ workspaceId }: Context): string => `/${workspaceId}/logs`;

/** The latest keys, and the one that is chosen. */
async function offeredKeys(ctx: Context, { key }: RequestFilter): Promise<KeyChoice[]> {
  const [latest, chosen] = await Promise.all([keyChoices(ctx, {}), key ? keyChoices(ctx, { id: key }) : []]);
  return [...chosen.filter(({ id }) => !latest.some((one) => one.id === id)), ...latest];
}
