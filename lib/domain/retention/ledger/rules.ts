import { addDays } from "#lib/core/clock.ts";
import { classOf, type RetentionClassName, retentionClasses } from "#lib/domain/retention/classes/rules.ts";

/** Classes a customer finds in their ledger, in its order. */
export const ledgerClasses = (Object.keys(retentionClasses) as RetentionClassName[]).filter(
  (name) => classOf(name).isCustomers,
);

const days: Partial<Record<RetentionClassName, number>> = { "content-log": 30, webhooks: 90 };

/** When the oldest of a class goes by itself; null where it stays until somebody deletes it. */
export function nextPurge(name: RetentionClassName, oldest: Date | null): Date | null {
  const kept = days[name];
  return kept === undefined || oldest === null ? null : addDays(oldest, kept);
}
