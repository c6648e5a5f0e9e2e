import { ReceiptText } from "lucide-react";
import type { ReactNode } from "react";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Sort } from "#lib/core/list/rules.ts";
import { formatCents } from "#lib/core/money.ts";
import {
  invoiceOrder,
  type invoiceSorts,
  invoiceStates,
  invoiceStateWords,
  stateOf,
} from "#lib/domain/billing/invoices/listing/rules.ts";
import type { ListedInvoice } from "#lib/domain/billing/invoices/listing/view.ts";
import { kindWords } from "#lib/domain/billing/invoices/rules.ts";
import { InvoiceBadge } from "./invoice-state.tsx";
import { monthWords } from "./month-words.ts";

type InvoiceSort = (typeof invoiceSorts)[number];

const columns: readonly ListColumn<InvoiceSort>[] = [
  { key: "number", label: "Number" },
  { key: "date", label: "Date", sorts: "-date" },
  { key: "kind", label: "Kind" },
  { key: "month", label: "For" },
  { key: "total", label: "Amount", align: "right", sorts: "-total" },
  { key: "state", label: "Status" },
  { key: "file", label: "File" },
];

const kinds = Object.entries(kindWords).map(([value, label]) => ({ value, label }));
const states = invoiceStates.map((value) => ({ value, label: invoiceStateWords[value] }));

type Props = {
  invoices: readonly ListedInvoice[];
  range: ListRange;
  asked: Readonly<Record<string, string | undefined>> & { sort?: Sort<InvoiceSort> | undefined };
  /** The list's own address. */
  base: string;
  /** Months there are documents of, as "2026-11". */
  months: readonly string[];
  now: Date;
  empty: ReactNode;
};

/** Every document that was issued to the organization. */
export const InvoiceList = ({ invoices, range, asked, base, months, now, empty }: Props) => (
  <List
    base={base}
    asked={asked}
    order={invoiceOrder}
    noun={{ one: "invoice", many: "invoices" }}
    icon={ReceiptText}
    columns={columns}
    range={range}
    search="Number or purchase order"
    filters={
      <>
        <FilterChoice name="kind" label="Kind" all="All kinds" options={kinds} value={asked.kind} />
        <FilterChoice name="state" label="Status" all="All statuses" options={states} value={asked.state} />
        <FilterChoice
          name="month"
          label="Month"
          all="All months"
          options={months.map((value) => ({ value, label: monthWords(value) }))}
          value={asked.month}
        />
      </>
    }
    empty={empty}
  >
    {invoices.map((invoice) => (
      <InvoiceRow key={invoice.id} invoice={invoice} base={base} now={now} />
    ))}
  </List>
);

const InvoiceRow = ({ invoice, base, now }: { invoice: ListedInvoice; base: string; now: Date }) => (
  <Row faded={invoice.state === "void"}>
    <HeadCell>
      <TextLink href={`${base}/${invoice.id}`} look="row">
        {invoice.number}
      </TextLink>
    </HeadCell>
    <Cell label="Date">
      <Time at={invoice.issuedAt} form="date" now={now} />
    </Cell>
    <Cell label="Kind">{kindWords[invoice.kind]}</Cell>
    <Cell label="For">{monthWords(invoice.month)}</Cell>
    <Cell label="Amount" align="right">
      {signed(invoice)}
    </Cell>
    <Cell label="Status">
      <InvoiceBadge state={stateOf(invoice, now)} />
    </Cell>
    <Cell label="File">
      {invoice.pdfSha256 ? (
        <a
          href={`${base}/${invoice.id}/pdf`}
          download
          aria-label={`PDF of ${invoice.number}`}
          className="rounded-control text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
        >
          PDF
        </a>
      ) : (
        <span className="text-text-faint">Soon</span>
      )}
    </Cell>
  </Row>
);

/** A credit note gives back, so its amount is below zero among the others. */
export const signed = ({ kind, totalCents }: Pick<ListedInvoice, "kind" | "totalCents">): string =>
  formatCents(kind === "credit_note" ? -totalCents : totalCents);
