import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { RequestFilter } from "#components/requests/request-filter.tsx";
import { RequestList } from "#components/requests/request-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { keysOf } from "#lib/domain/keys/queries.ts";
import { modelsOf } from "#lib/domain/models/queries.ts";
import { type RequestFilter as Filter, requestFilter } from "#lib/domain/request-log/input.ts";
import { requestsOf } from "#lib/domain/request-log/queries.ts";
import { isFiltered } from "#lib/domain/request-log/rules.ts";

export const metadata: Metadata = { title: "Logs" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function LogsPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const filter = requestFilter.parse(await firstOf(searchParams));
  const base = `/${ctx.workspaceId}/logs`;
  const mayRead = can(ctx.actor, "requests.read");
  return (
    <Page width="table">
      <PageHeader
        title="Logs"
        description="Every request to the API with its figures, never with its content."
        action={mayRead ? <Files base={base} filter={filter} /> : undefined}
      />
      {mayRead ? <Logs ctx={ctx} filter={filter} base={base} /> : <Refused ctx={ctx} permission="requests.read" />}
    </Page>
  );
}

/** All that the filters leave, whatever the page. */
function Files({ base, filter }: { base: string; filter: Filter }) {
  return (
    <>
      <LinkButton download href={addressOf(`${base}/csv`, filter)}>
        Download CSV
      </LinkButton>
      <LinkButton download href={addressOf(`${base}/json`, filter)}>
        Download JSON
      </LinkButton>
    </>
  );
}

async function Logs({ ctx, filter, base }: { ctx: Context; filter: Filter; base: string }) {
  const [page, models, keys] = await Promise.all([
    requestsOf(ctx, filter),
    can(ctx.actor, "models.read") ? modelsOf(ctx) : [],
    can(ctx.actor, "keys.read") ? keysOf(ctx) : [],
  ]);
  if (page.requests.length === 0 && !isFiltered(filter)) {
    return (
      <EmptyState icon={ScrollText} title="No requests yet">
        Each request appears here seconds after its answer, with its tokens, timings and cost.
      </EmptyState>
    );
  }
  return (
    <>
      <RequestFilter
        base={base}
        chosen={chosenOf(filter)}
        isFiltered={isFiltered(filter)}
        models={models.map(({ id }) => ({ value: id, label: id }))}
        keys={keys.map(({ id, name, last4 }) => ({ value: id, label: `${name} …${last4}` }))}
      />
      {page.requests.length === 0 ? (
        <EmptyState
          icon={ScrollText}
          title="No requests match"
          action={<LinkButton href={base}>Clear filters</LinkButton>}
        >
          There are others in this workspace.
        </EmptyState>
      ) : (
        <RequestList
          requests={page.requests}
          base={base}
          footer={
            <Pagination
              summary={page.requests.length === 1 ? "1 request" : `${page.requests.length} requests`}
              previousHref={page.newer ? addressOf(base, filter, { after: page.newer }) : undefined}
              nextHref={page.older ? addressOf(base, filter, { before: page.older }) : undefined}
            />
          }
        />
      )}
    </>
  );
}

/** The filters that are set, by the names the address has for them. */
const chosenOf = ({ before: _before, after: _after, ...filter }: Filter): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined));

const addressOf = (address: string, filter: Filter, place: Record<string, string> = {}): string =>
  `${address}?${new URLSearchParams({ ...chosenOf(filter), ...place })}`;
