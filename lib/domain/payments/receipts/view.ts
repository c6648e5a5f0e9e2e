import type { invoices } from "#db/schema/billing.ts";
import type { bankReceipts } from "#db/schema/payments.ts";

type Document = typeof invoices.$inferSelect;

/** An invoice that money can come for, as staff find it by what a bank statement says. */
export type PayableInvoice = Pick<Document, "organizationId" | "id" | "number" | "kind" | "dueAt" | "disputedCents"> & {
  organizationName: string;
  /** What can be asked for now. */
  openCents: bigint;
};

export type Receipt = typeof bankReceipts.$inferSelect & { number: string; organizationName: string };
