import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuditList } from "#components/audit/audit-list.tsx";
import { ChainLine } from "#components/audit/chain-line.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { journalRange, listHref } from "#lib/core/list/rules.ts";
import { auditFilter, type AuditFilter as Filter } from "#lib/domain/audit/input.ts";
import { auditPage, chainState, recentActions } from "#lib/domain/audit/queries.ts";
import { flawWords } from "#lib/domain/audit/rules.ts";
import { objectNames } from "#lib/domain/audit/words/queries.ts";

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

async function Log({ ctx, filter, base }: { ctx: Context; filter: Filter; base: string }) {
  const [page, chain, actions] = await Promise.all([auditPage(ctx, filter), chainState(ctx), recentActions(ctx)]);
  const names = await objectNames(
    ctx,
    page.rows.map(({ objectId }) => objectId),
  );
  const { before: _before, after: _after, ...asked } = filter;
  return (
    <>
      <ChainLine
        sequence={chain.sequence}
        flaw={chain.flaw && flawWords(chain.flaw)}
        checkedAt={chain.checkedAt}
        now={ctx.now}
      />
      <AuditList
        rows={page.rows}
        range={journalRange(page, page.rows.length)}
        asked={asked}
        base={base}
        names={names}
        actions={actions}
        empty={
          <EmptyState icon={ScrollText} title="No audit rows yet">
            Every change to keys, limits, people and settings appears here the moment it is made.
          </EmptyState>
        }
      />
    </>
  );
}
