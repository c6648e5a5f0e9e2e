import type { terminationKinds } from "#db/schema/contract.ts";
import { addDays, addMonths, dayOf, endOfMonth } from "#lib/core/clock.ts";

export type TerminationKind = (typeof terminationKinds)[number];

/** What each kind of ending rests on. */
export const terminationClauses = {
  convenience: "T-6-CONV",
  disagreement: "T-7-EXIT",
  withdrawal: "T-6-OTHER",
  order_end: "T-6-OTHER",
  cause_provider: "T-6-OTHER",
  cause_customer: "T-6-OTHER",
} as const satisfies Record<TerminationKind, string>;

export const terminationWords: Record<TerminationKind, string> = {
  convenience: "You gave notice",
  disagreement: "You did not agree to changed terms",
  withdrawal: "You withdrew from the contract",
  order_end: "The purchase order ended",
  cause_provider: "We ended it for cause",
  cause_customer: "You ended it for cause",
};

/** A customer takes back a notice of their own; what was ended for cause, or by withdrawing from it, stays ended. */
export const isWithdrawable = (kind: TerminationKind): boolean => !kind.startsWith("cause_") && kind !== "withdrawal";

/**
 * T-6-CONV: when a notice that is given at an instant ends the agreement. That is the end of the month (UTC) if it comes no
 * later than so many days before it, and otherwise the end of the first later month that leaves as many.
 */
export function endOf(at: Date, days: number): Date {
  let end = endOfMonth(dayOf(at));
  while (at > lastMoment(end, days)) end = addMonths(end, 1);
  return end;
}

/** The last instant at which a notice still ends the agreement at this end of a month; it belongs to it. */
export const lastMoment = (end: Date, days: number): Date => addDays(end, -days);

/** Until when a consumer can withdraw from an agreement, without the instant itself; null where no law gives that. */
export const withdrawableUntil = (startsAt: Date, days: number): Date | null =>
  days > 0 ? addDays(startsAt, days) : null;

const laterEnds = 12;

/** The ends a customer can choose among: the first that a notice of now reaches, and those of the months after it. */
export function possibleEnds(at: Date, days: number): Date[] {
  const first = endOf(at, days);
  return Array.from({ length: laterEnds }, (_, months) => addMonths(first, months));
}

/** For so long after its end requests that were let in before may still be answered. */
export const drainMs = 60_000;
