import type { invoiceLines, invoices, invoiceTaxes } from "#db/schema/billing.ts";

export type Invoice = typeof invoices.$inferSelect;
export type InvoiceKind = Invoice["kind"];
export type Line = typeof invoiceLines.$inferSelect;
export type Tax = typeof invoiceTaxes.$inferSelect;
