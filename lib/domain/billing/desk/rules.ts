import type { LedgerAccount } from "#db/schema/ledger.ts";
import type { Sort } from "#lib/core/list/rules.ts";

export const accountSorts = ["name", "created"] as const;
export const accountOrder: Sort<(typeof accountSorts)[number]> = "name";

export const standings = ["blocked", "past_due", "good"] as const;
export type StandingName = (typeof standings)[number];

export const standingWords: Record<StandingName, string> = {
  blocked: "Blocked",
  past_due: "Past due",
  good: "Good",
};

/** How an account stands, in one word. */
export const standingOf = ({
  blockedAt,
  pastDueSince,
}: {
  blockedAt: Date | null;
  pastDueSince: Date | null;
}): StandingName => (blockedAt ? "blocked" : pastDueSince ? "past_due" : "good");

export const lateSorts = ["due", "name"] as const;
export const lateOrder: Sort<(typeof lateSorts)[number]> = "due";

export const bookSorts = ["at"] as const;
export const bookOrder: Sort<(typeof bookSorts)[number]> = "-at";

/** Why `/v1` answers 402. */
export const blockWords = {
  unpaid: "An invoice has been due for two weeks",
  exposure: "An advance failed and more was used since",
} as const;

/** What a step of dunning did. */
export const stepWords = { charged: "charged again", asked: "reminded", skipped: "left out" } as const;

/** The accounts of the ledger, as a bookkeeper calls them; a debit is positive. */
export const ledgerWords: Record<LedgerAccount, string> = {
  receivable: "Receivable",
  receivable_disputed: "Receivable, disputed",
  cash: "Cash",
  advance_liability: "Advances not earned yet",
  customer_credit: "Customer credit",
  tax_payable: "VAT payable",
  revenue: "Revenue",
  credits_granted: "Credit granted",
  bad_debt: "Bad debt",
  chargeback: "Chargebacks",
};

const kinds: Readonly<Record<string, string>> = {
  "issue-advance": "Advance issued",
  "issue-summary": "Monthly invoice issued",
  "issue-final": "Final invoice issued",
  "issue-credit_note": "Credit note issued",
  payment: "Payment received",
  "credit-granted": "Credit granted",
  "credit-used": "Credit used",
  "credit-expired": "Credit expired",
  refund: "Sent back",
  "refund-failed": "Could not be sent back",
  "dispute-opened": "Disputed",
  "dispute-closed": "Dispute closed",
  chargeback: "Taken back by the bank",
  "chargeback-won": "Given back by the bank",
};

/** What happened, of a ledger transaction. */
export const transactionWords = (kind: string): string => kinds[kind] ?? kind;
