import { HandCoins } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import type { LateFilter } from "#lib/domain/billing/desk/input.ts";
import { blockWords, lateOrder, stepWords } from "#lib/domain/billing/desk/rules.ts";
import type { LateAccount } from "#lib/domain/billing/desk/view.ts";
import { standingFilter } from "./account-list.tsx";
import { StandingBadge } from "./standing-badge.tsx";

const columns = [
  { key: "name", label: "Customer", sorts: "name" },
  { key: "standing", label: "Standing" },
  { key: "due", label: "Due since", sorts: "due" },
  { key: "last", label: "Last step" },
  { key: "next", label: "Next step" },
  { key: "owed", label: "Owed", align: "right" },
] as const;

type Props = { rows: readonly LateAccount[]; range: ListRange; asked: LateFilter; base: string; now: Date };

/** Customers who owe what is due: since when, why they are blocked, and what comes next. */
export function LateList({ rows, range, asked, base, now }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={lateOrder}
      noun={{ one: "account", many: "accounts" }}
      caption="Accounts that owe what is due"
      icon={HandCoins}
      columns={columns}
      range={range}
      search="Name, e-mail or organization id"
      filters={standingFilter(asked.standing)}
      empty={
        <EmptyState icon={HandCoins} title="Nobody owes what is due">
          Customers whose payments are late appear here, the oldest debt first.
        </EmptyState>
      }
    >
      {rows.map((row) => (
        <Row key={row.organizationId}>
          <HeadCell>
            <TextLink look="row" href={`/staff/billing/accounts/${row.organizationId}`}>
              {row.organizationName}
            </TextLink>
          </HeadCell>
          <Cell label="Standing" wrap>
            <StandingBadge account={row} />
            <Since row={row} now={now} />
          </Cell>
          <Cell label="Due since">{row.dueAt ? <Time at={row.dueAt} now={now} form="date" /> : "Nothing due"}</Cell>
          <Cell label="Last step">
            {row.lastStep ? `Day ${row.lastStep.day}, ${stepWords[row.lastStep.did]}` : "None yet"}
          </Cell>
          <Cell label="Next step">{row.nextStepAt ? <Time at={row.nextStepAt} now={now} /> : "None: it is yours"}</Cell>
          <Cell label="Owed" align="right">
            {formatCents(row.owedCents)}
            <span className="block text-meta text-text-faint">
              {row.invoices === 1 ? "1 invoice" : `${row.invoices} invoices`}
            </span>
          </Cell>
        </Row>
      ))}
    </List>
  );
}

function Since({ row: { blockedAt, blockedReason, pastDueSince }, now }: { row: LateAccount; now: Date }) {
  const since = blockedAt ?? pastDueSince;
  if (!since) return null;
  return (
    <span className="block text-meta text-text-faint">
      {blockedReason ? `${blockWords[blockedReason]}, ` : null}
      <Time at={since} now={now} />
    </span>
  );
}
