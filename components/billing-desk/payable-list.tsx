import { Landmark } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { centsString, formatCents } from "#lib/core/money.ts";
import { kindWords } from "#lib/domain/billing/invoices/rules.ts";
import type { PayableFilter } from "#lib/domain/payments/receipts/input.ts";
import { payableOrder } from "#lib/domain/payments/receipts/rules.ts";
import type { PayableInvoice } from "#lib/domain/payments/receipts/view.ts";

const columns = [
  { key: "number", label: "Invoice", sorts: "number" },
  { key: "customer", label: "Customer" },
  { key: "kind", label: "Kind" },
  { key: "due", label: "Due", sorts: "due" },
  { key: "open", label: "Open", align: "right" },
  { key: "do", label: "Record", quiet: true },
] as const;

type Props = {
  rows: readonly PayableInvoice[];
  range: ListRange;
  asked: PayableFilter;
  base: string;
  now: Date;
  record: Action<void>;
};

/** Open invoices of all customers, to find the one that a bank statement speaks of. */
export function PayableList({ rows, range, asked, base, now, record }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={payableOrder}
      noun={{ one: "open invoice", many: "open invoices" }}
      icon={Landmark}
      columns={columns}
      range={range}
      search="Number or customer"
      empty={
        <EmptyState icon={Landmark} title="No open invoices">
          An invoice that waits for money appears here; a transfer is recorded on it.
        </EmptyState>
      }
    >
      {rows.map((row) => (
        <Row key={row.id}>
          <HeadCell>{row.number}</HeadCell>
          <Cell label="Customer" wrap>
            {row.organizationName}
          </Cell>
          <Cell label="Kind">{kindWords[row.kind]}</Cell>
          <Cell label="Due">{row.dueAt ? <Time at={row.dueAt} now={now} form="date" /> : "Not due"}</Cell>
          <Cell label="Open" align="right">
            {formatCents(row.openCents)}
            {row.disputedCents > 0n ? (
              <span className="block text-meta text-text-faint">{formatCents(row.disputedCents)} disputed</span>
            ) : null}
          </Cell>
          <Cell align="right">
            <RecordTransfer invoice={row} now={now} record={record} />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

type RecordProps = { invoice: PayableInvoice; now: Date; record: Action<void> };

const RecordTransfer = ({ invoice, now, record }: RecordProps) => (
  <FormDialog
    trigger="Record…"
    triggerLook={{ size: "small" }}
    triggerLabel={`Record a transfer for ${invoice.number}`}
    title={`Record a transfer for ${invoice.number}`}
    description={`${invoice.organizationName}, ${formatCents(invoice.openCents)} open. More than that becomes credit of the customer's.`}
    submit="Record transfer"
    hidden={{ organizationId: invoice.organizationId, invoiceId: invoice.id }}
    action={record}
  >
    <FormText
      label="Amount"
      name="amount"
      inputMode="decimal"
      autoComplete="off"
      defaultValue={invoice.openCents > 0n ? centsString(invoice.openCents) : ""}
      help="In euros, as the statement has it."
    />
    <FormText
      label="Value date"
      name="valueDate"
      type="date"
      defaultValue={now.toISOString().slice(0, 10)}
      help="The day the bank counts the money from."
    />
    <FormText
      label="Reference of the bank"
      name="bankRef"
      maxLength={140}
      autoComplete="off"
      help="The bank's own, not the customer's words. Each is taken once."
    />
  </FormDialog>
);
