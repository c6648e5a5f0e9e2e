import type { Invoice } from "#lib/domain/billing/invoices/view.ts";

/** A document with the state of the last attempt to pay it; null when nothing was tried. */
export type ListedInvoice = Invoice & { payment: string | null };
