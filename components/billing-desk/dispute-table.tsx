import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import type { DisputeRow } from "#lib/domain/billing/disputes/view.ts";
import { DisputeBadge } from "./dispute-badge.tsx";

const columns = [
  { key: "number", label: "Invoice" },
  { key: "customer", label: "Customer" },
  { key: "state", label: "State" },
  { key: "opened", label: "Opened" },
  { key: "amount", label: "Disputed", align: "right" },
  { key: "credited", label: "Credited", align: "right" },
] as const;

/** Disputes by whose they are and how much; what was written is behind a reason. */
export function DisputeTable({ disputes, now }: { disputes: readonly DisputeRow[]; now: Date }) {
  return (
    <Table caption="Disputes" columns={columns}>
      {disputes.map(({ id, organizationId, organizationName, number, state, openedAt, amountCents, creditedCents }) => (
        <Row key={id}>
          <HeadCell>
            <TextLink look="row" href={`/staff/billing/disputes/${organizationId}/${id}`}>
              {number}
            </TextLink>
          </HeadCell>
          <Cell label="Customer" wrap>
            {organizationName}
          </Cell>
          <Cell label="State">
            <DisputeBadge state={state} />
          </Cell>
          <Cell label="Opened">
            <Time at={openedAt} now={now} />
          </Cell>
          <Cell label="Disputed" align="right">
            {formatCents(amountCents)}
          </Cell>
          <Cell label="Credited" align="right">
            {creditedCents > 0n ? formatCents(creditedCents) : "None"}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
