import { Gift } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import { creditWords } from "#lib/domain/billing/credits/rules.ts";
import type { CreditRow } from "#lib/domain/billing/desk/view.ts";

const columns = [
  { key: "kind", label: "Kind" },
  { key: "reason", label: "Reason" },
  { key: "given", label: "Given" },
  { key: "expires", label: "Expires" },
  { key: "amount", label: "Amount", align: "right" },
  { key: "left", label: "Left", align: "right" },
] as const;

/** Credit that was given, newest first. */
export function CreditTable({ credits, now }: { credits: readonly CreditRow[]; now: Date }) {
  if (credits.length === 0)
    return (
      <EmptyState icon={Gift} title="No credit yet">
        Credit pays documents before a card is charged, what expires first first.
      </EmptyState>
    );
  return (
    <Table caption="Credit" columns={columns}>
      {credits.map((credit) => (
        <Row key={credit.id}>
          <HeadCell>{creditWords[credit.kind]}</HeadCell>
          <Cell label="Reason" wrap>
            {credit.reason}
          </Cell>
          <Cell label="Given">
            <Time at={credit.createdAt} now={now} form="date" />
          </Cell>
          <Cell label="Expires">
            {credit.expiresAt ? <Time at={credit.expiresAt} now={now} form="date" /> : "Never"}
          </Cell>
          <Cell label="Amount" align="right">
            {formatCents(credit.amountCents)}
          </Cell>
          <Cell label="Left" align="right">
            {formatCents(credit.remainingCents)}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
