import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { choiceOf } from "#components/keys/key-view.ts";
import { RequestFilters } from "#components/requests/request-filter.tsx";
import { RequestList } from "#components/requests/request-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { journalRange, listHref, pageSize } from "#lib/core/list/rules.ts";
import { type KeyChoice, keyChoices } from "#lib/domain/keys/queries.ts";
import { modelsOf } from "#lib/domain/models/queries.ts";
import { type RequestFilter as Filter, requestFilter } from "#lib/domain/request-log/input.ts";
import { requestsOf } from "#lib/domain/request-log/queries.ts";

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
function Files({ base, filter: { before: _before, after: _after, ...asked } }: { base: string; filter: Filter }) {
  return (
    <>
      <LinkButton download href={listHref(`${base}/csv`, asked)}>
        Download CSV
      </LinkButton>
      <LinkButton download href={listHref(`${base}/json`, asked)}>
        Download JSON
      </LinkButton>
    </>
  );
}

async function Logs({ ctx, filter, base }: { ctx: Context; filter: Filter; base: string }) {
  const mayChooseKey = can(ctx.actor, "keys.read");
  const [page, models, keys] = await Promise.all([
    requestsOf(ctx, filter),
    can(ctx.actor, "models.read") ? modelsOf(ctx) : [],
    mayChooseKey ? offeredKeys(ctx, filter) : [],
  ]);
  const { before: _before, after: _after, ...asked } = filter;
  return (
    <RequestList
      requests={page.requests}
      base={base}
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
  );
}

/** The latest keys, and the one that is chosen. */
async function offeredKeys(ctx: Context, { key }: Filter): Promise<KeyChoice[]> {
  const [latest, chosen] = await Promise.all([keyChoices(ctx, {}), key ? keyChoices(ctx, { id: key }) : []]);
  return [...chosen.filter(({ id }) => !latest.some((one) => one.id === id)), ...latest];
}
