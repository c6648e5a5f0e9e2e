/** Why every page of the console has something to say about unpaid invoices. */
export type BillingNews = {
  pastDueSince: Date | null;
  /** Since when `/v1` answers 402, and why. */
  blockedAt: Date | null;
  reason: "unpaid" | "exposure" | null;
  /** The names of those who can pay. */
  payers: string[];
};
