import type { Account } from "#lib/domain/billing/accounts/view.ts";
import type { Thresholds } from "#lib/domain/billing/cycles/rules.ts";
import type { ListedInvoice } from "#lib/domain/billing/invoices/listing/view.ts";

/** How the organization's billing stands in the running month. */
export type Overview = {
  account: Account | null;
  /** The first day of the month. */
  month: string;
  usedPico: bigint;
  thresholds: Thresholds;
  /** Use up to here was passed under other thresholds and is not charged ahead (T-5.2-ADV1). */
  floorCents: bigint;
  carriedCents: bigint;
  /** The month's advances, lowest threshold first. */
  advances: ListedInvoice[];
  creditCents: bigint;
  /** What can be asked for now, what was due first first. */
  owed: ListedInvoice[];
};
