import type { invoiceLines, invoices, invoiceTaxes } from "#db/schema/billing.ts";

export type Invoice = typeof invoices.$inferSelect;
export type InvoiceKind = Invoice["kind"];
export type Line = typeof invoiceLines.$inferSelect;
export type Tax = typeof invoiceTaxes.$inferSelect;

/** A document with what is on it and the documents it is tied to. */
export type InvoiceDetail = Invoice & {
  lines: Line[];
  taxes: Tax[];
  /** Taken off from it. */
  advances: Invoice[];
  /** Credit notes that correct it. */
  notesOf: Invoice[];
  /** What it corrects, if it is a credit note. */
  corrects: Invoice | null;
  /** Where it was taken off, if it is an advance. */
  summary: Invoice | null;
};
