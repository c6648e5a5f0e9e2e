import type { Sort } from "#lib/core/list/rules.ts";
import { collectibleOf, isOverdue } from "#lib/domain/billing/invoices/rules.ts";

export const invoiceSorts = ["date", "total"] as const;
export const invoiceOrder: Sort<(typeof invoiceSorts)[number]> = "-date";

/** How a document stands, in one word for people. */
export const invoiceStates = ["open", "overdue", "disputed", "paid", "issued", "canceled", "written_off"] as const;
export type InvoiceState = (typeof invoiceStates)[number];

export const invoiceStateWords: Record<InvoiceState, string> = {
  open: "Open",
  overdue: "Overdue",
  disputed: "Disputed",
  paid: "Paid",
  issued: "Issued",
  canceled: "Canceled",
  written_off: "Written off",
};

type Document = Parameters<typeof isOverdue>[0] & { kind: string };

/** A credit note owes nothing, so it is only issued. An open one of which nothing can be asked for is disputed. */
export function stateOf(document: Document, at: Date): InvoiceState {
  if (document.kind === "credit_note") return "issued";
  if (document.state === "paid") return "paid";
  if (document.state === "void") return "canceled";
  if (document.state === "uncollectible") return "written_off";
  if (collectibleOf(document) === 0n) return "disputed";
  return isOverdue(document, at) ? "overdue" : "open";
}
