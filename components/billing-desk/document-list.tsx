import { ReceiptText } from "lucide-react";
import { signed } from "#components/billing/invoice-list.tsx";
import { monthWords } from "#components/billing/month-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { List } from "#components/ui/list/list.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import { bookOrder } from "#lib/domain/billing/desk/rules.ts";
import { isOverdue, kindWords, openOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import type { BookProps } from "./ledger-list.tsx";

const columns = [
  { key: "number", label: "Number" },
  { key: "kind", label: "Kind" },
  { key: "state", label: "State" },
  { key: "month", label: "Month" },
  { key: "at", label: "Issued", sorts: "-at" },
  { key: "total", label: "Total", align: "right" },
  { key: "open", label: "Open", align: "right" },
] as const;

const states: Record<Invoice["state"], [Tone, string]> = {
  open: ["info", "Open"],
  paid: ["good", "Settled"],
  void: ["neutral", "Canceled"],
  uncollectible: ["bad", "Written off"],
};

const stateOf = (invoice: Invoice, now: Date): [Tone, string] =>
  invoice.kind === "credit_note"
    ? ["neutral", "Issued"]
    : isOverdue(invoice, now)
      ? ["bad", "Overdue"]
      : states[invoice.state];

/** The account's documents, newest first. */
export function DocumentList({ rows, range, asked, base, kept, now }: BookProps<Invoice>) {
  return (
    <List
      base={base}
      asked={asked}
      kept={kept}
      order={bookOrder}
      noun={{ one: "document", many: "documents" }}
      icon={ReceiptText}
      columns={columns}
      range={range}
      search="Number"
      empty={
        <EmptyState icon={ReceiptText} title="No documents yet">
          Advances, monthly invoices and credit notes appear here.
        </EmptyState>
      }
    >
      {rows.map((row) => {
        const [tone, words] = stateOf(row, now);
        return (
          <Row key={row.id}>
            <HeadCell>{row.number}</HeadCell>
            <Cell label="Kind">{kindWords[row.kind]}</Cell>
            <Cell label="State">
              <Badge tone={tone}>{words}</Badge>
            </Cell>
            <Cell label="Month">{monthWords(row.month)}</Cell>
            <Cell label="Issued">
              <Time at={row.issuedAt} now={now} form="date" />
            </Cell>
            <Cell label="Total" align="right">
              {signed(row)}
            </Cell>
            <Cell label="Open" align="right">
              {formatCents(row.kind === "credit_note" ? 0n : openOf(row))}
            </Cell>
          </Row>
        );
      })}
    </List>
  );
}
