import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { dateWords } from "#components/ui/time-words.ts";
import { startOfDay } from "#lib/core/clock.ts";
import { formatCents } from "#lib/core/money.ts";
import type { Receipt } from "#lib/domain/payments/receipts/view.ts";

const columns = [
  { key: "number", label: "Invoice" },
  { key: "customer", label: "Customer" },
  { key: "reference", label: "Reference of the bank" },
  { key: "value", label: "Value date" },
  { key: "recorded", label: "Recorded" },
  { key: "amount", label: "Amount", align: "right" },
] as const;

/** Transfers that were recorded, newest first. */
export function ReceiptTable({ receipts, now }: { receipts: readonly Receipt[]; now: Date }) {
  return (
    <Table caption="Recorded transfers" columns={columns}>
      {receipts.map((receipt) => (
        <Row key={receipt.id}>
          <HeadCell>{receipt.number}</HeadCell>
          <Cell label="Customer" wrap>
            {receipt.organizationName}
          </Cell>
          <Cell label="Reference of the bank" wrap>
            {receipt.bankRef}
          </Cell>
          <Cell label="Value date">{dateWords(startOfDay(receipt.valueDate))}</Cell>
          <Cell label="Recorded">
            <Time at={receipt.recordedAt} now={now} />
          </Cell>
          <Cell label="Amount" align="right">
            {formatCents(receipt.amountCents)}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
