import { ScrollText } from "lucide-react";
import { page } from "#app/doors/workspace-page.tsx";
import { AuditList } from "#components/audit/audit-list.tsx";
import { ChainLine } from "#components/audit/chain-line.tsx";
import { Downloads } from "#components/ui/downloads.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { journalRange, listHref } from "#lib/core/list/rules.ts";
import { auditFilter } from "#lib/domain/audit/input.ts";
import { auditPage, chainState, recentActions } from "#lib/domain/audit/queries.ts";
import { flawWords } from "#lib/domain/audit/rules.ts";
import { objectNames } from "#lib/domain/audit/words/queries.ts";

const auditLog = page({
  can: "audit.read",
  title: "Audit log",
  description: ({ actor }) =>
    `Who changed what in this ${can(actor, "audit.read-organization") ? "organization" : "workspace"}, our own staff included.`,
  width: "table",
  load: async (ctx, { search }) => {
    const filter = auditFilter.parse(search);
    const [page, chain, actions] = await Promise.all([auditPage(ctx, filter), chainState(ctx), recentActions(ctx)]);
    const ids = page.rows.map(({ objectId }) => objectId);
    // All that the filters leave, whatever the page.
    const { before: _before, after: _after, ...asked } = filter;
    return { asked, page, chain, actions, names: await objectNames(ctx, ids) };
  },
  head: ({ asked }, ctx) => ({
    action: <Downloads hrefOf={(format) => listHref(`${baseOf(ctx)}/${format}`, asked)} />,
  }),
  view: ({ asked, page, chain, actions, names }, ctx) => (
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
        base={baseOf(ctx)}
        names={names}
        actions={actions}
        empty={
          <EmptyState icon={ScrollText} title="No audit rows yet">
            Every change to keys, limits, people and settings appears here the moment it is made.
          </EmptyState>
        }
      />
    </>
  ),
});

export const { generateMetadata } = auditLog;
export default auditLog.default;

const baseOf = ({ workspaceId }: Context): string => `/${workspaceId}/organization/audit`;
