import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuditFilter } from "#components/audit/audit-filter.tsx";
import { AuditList } from "#components/audit/audit-list.tsx";
import { ChainLine } from "#components/audit/chain-line.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { auditFilter, type AuditFilter as Filter } from "#lib/domain/audit/input.ts";
import { auditPage, chainState, recentActions } from "#lib/domain/audit/queries.ts";
import { flawWords, isFiltered } from "#lib/domain/audit/rules.ts";

export const metadata: Metadata = { title: "Audit log" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function AuditPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const filter = auditFilter.parse(await firstOf(searchParams));
  const base = `/${ctx.workspaceId}/organization/audit`;
  const mayRead = can(ctx.actor, "audit.read");
  const whole = can(ctx.actor, "audit.read-organization");
  return (
    <Page width="table">
      <PageHeader
        title="Audit log"
        description={`Who changed what in this ${whole ? "organization" : "workspace"}, our own staff included.`}
        action={mayRead ? <Files base={base} filter={filter} /> : undefined}
      />
      {mayRead ? <Log ctx={ctx} filter={filter} base={base} /> : <Refused ctx={ctx} permission="audit.read" />}
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

async function Log({ ctx, filter, base }: { ctx: Context; filter: Filter; base: string }) {
  const [page, chain, actions] = await Promise.all([auditPage(ctx, filter), chainState(ctx), recentActions(ctx)]);
  if (page.rows.length === 0 && !isFiltered(filter)) {
    return (
      <EmptyState icon={ScrollText} title="No audit rows yet">
        Every change to keys, limits, people and settings appears here the moment it is made.
      </EmptyState>
    );
  }
  return (
    <>
      <ChainLine
        sequence={chain.sequence}
        flaw={chain.flaw && flawWords(chain.flaw)}
        checkedAt={chain.checkedAt}
        now={ctx.now}
      />
      <AuditFilter base={base} chosen={chosenOf(filter)} actions={actions} isFiltered={isFiltered(filter)} />
      {page.rows.length === 0 ? (
        <EmptyState
          icon={ScrollText}
          title="No audit rows match"
          action={<LinkButton href={base}>Clear filters</LinkButton>}
        >
          There are others in this log.
        </EmptyState>
      ) : (
        <AuditList
          rows={page.rows}
          base={base}
          footer={
            <Pagination
              summary={page.rows.length === 1 ? "1 row" : `${page.rows.length} rows`}
              previousHref={page.newer ? addressOf(base, filter, { after: String(page.newer) }) : undefined}
              nextHref={page.older ? addressOf(base, filter, { before: String(page.older) }) : undefined}
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
