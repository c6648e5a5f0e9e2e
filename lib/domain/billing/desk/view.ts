import type { Id } from "#db/id.ts";
import type { LedgerAccount, ledgerTransactions } from "#db/schema/ledger.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

/** An account as the list of all of them shows it: how it stands, nothing of what was used. */
export type AccountRow = Pick<
  Account,
  | "organizationId"
  | "provider"
  | "livemode"
  | "collection"
  | "pastDueSince"
  | "blockedAt"
  | "blockedReason"
  | "createdAt"
> & { organizationName: string; plan: Plan };

/** An account whose payments are late: since when, how much, and what comes next. */
export type LateAccount = AccountRow & {
  /** When the oldest of its invoices was due. */
  dueAt: Date | null;
  owedCents: bigint;
  invoices: number;
  lastStep: { day: number; did: "charged" | "asked" | "skipped"; at: Date } | null;
  nextStepAt: Date | null;
};

/** A month that is over and was not invoiced, and why. */
export type StuckCycle = {
  organizationId: Id<"organization">;
  organizationName: string;
  month: string;
  problem: string | null;
};

/** What waits for staff, for the tabs of the desk. */
export type DeskCounts = { disputes: number; late: number; differences: number; cycles: number };

/** An account under a look: who is billed, how it stands and what it comes to. */
export type DeskAccount = Account & {
  organizationName: string;
  plan: Plan;
  /** What each ledger account comes to; those at zero are left out. */
  balances: { account: LedgerAccount; cents: bigint }[];
  creditCents: bigint;
  owedCents: bigint;
};

/** One event of money with what it did to each ledger account. */
export type LedgerRow = typeof ledgerTransactions.$inferSelect & {
  number: string | null;
  entries: { account: LedgerAccount; amountCents: bigint }[];
};
