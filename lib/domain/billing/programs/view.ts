import type { Thresholds } from "#lib/domain/billing/cycles/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";

/** How billing stands in the running month, as programs are told of it. */
export type BillingNow = {
  plan: "free" | "paid" | "order";
  pastDueSince: Date | null;
  blockedAt: Date | null;
  blockedReason: "unpaid" | "exposure" | null;
  /** The first day of the month. */
  month: string;
  usedPico: bigint;
  thresholds: Thresholds;
  nextThresholdCents: bigint | null;
  /** The month's advances, in the order of issue. */
  advances: Invoice[];
  creditCents: bigint;
  /** What can be asked for of all documents together. */
  owedCents: bigint;
  nextInvoiceOn: string;
};
