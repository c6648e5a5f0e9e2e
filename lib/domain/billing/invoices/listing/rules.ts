import { addMinutes } from "#lib/core/clock.ts";
import type { Sort } from "#lib/core/list/rules.ts";
import { collectibleOf, isOverdue } from "#lib/domain/billing/invoices/rules.ts";

export const invoiceSorts = ["date", "total"] as const;
export const invoiceOrder: Sort<(typeof invoiceSorts)[number]> = "-date";

/** How a document stands, in one word for people. */
export const invoiceStates = [
  "open",
  "under_way",
  "overdue",
  "disputed",
  "paid",
  "issued",
  "canceled",
  "written_off",
] as const;
export type InvoiceState = (typeof invoiceStates)[number];

export const invoiceStateWords: Record<InvoiceState, string> = {
  open: "Open",
  under_way: "Payment under way",
  overdue: "Overdue",
  disputed: "Disputed",
  paid: "Paid",
  issued: "Issued",
  canceled: "Canceled",
  written_off: "Written off",
};

/** Of these attempts the money may be on its way. */
export const underWay = ["created", "processing", "unknown"] as const;

/** An attempt on a provider's page waits for a person until they have paid there. */
export const paymentStateOf = ({ kind, state }: { kind: string; state: string }): string =>
  kind === "hosted" && state === "created" ? "requires_action" : state;

/** So long a document that is collected by itself may wait for its first attempt without being late. */
export const collectingMinutes = 60;

type Document = Parameters<typeof isOverdue>[0] & {
  kind: string;
  collection: "auto" | "send_invoice";
  /** The state of the last attempt to pay it; null when nothing was tried. */
  payment: string | null;
};

const ended = { paid: "paid", void: "canceled", uncollectible: "written_off" } as const;

/** A credit note owes nothing, so it is only issued. An open one of which nothing can be asked for is disputed. */
export function stateOf(document: Document, at: Date): InvoiceState {
  if (document.kind === "credit_note") return "issued";
  if (document.state !== "open") return ended[document.state as keyof typeof ended];
  if (collectibleOf(document) === 0n) return "disputed";
  if (underWay.some((state) => state === document.payment)) return "under_way";
  return isLate(document, at) ? "overdue" : "open";
}

/** What is collected by itself is due at once, so it is late only when that has failed, or has not begun. */
function isLate(document: Document, at: Date): boolean {
  const isTried = document.collection === "send_invoice" || document.payment !== null;
  return isOverdue(document, isTried ? at : addMinutes(at, -collectingMinutes));
}
