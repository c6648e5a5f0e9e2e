import { addDays } from "#lib/core/clock.ts";

/** Days after an invoice was due on which its payment is tried again. The first try is when it is issued. */
export const dunningDays = [0, 2, 7, 14, 21] as const;
/** From here on every page says that something is past due. */
export const graceDays = 7;
/** From here on `/v1` answers 402 until it is paid. */
export const blockDays = 14;

/** The steps of dunning that are due and were not taken; only the last of them is acted on. */
export const dueSteps = (dueAt: Date, taken: readonly number[], now: Date): number[] =>
  dunningDays.filter((day) => !taken.includes(day) && now >= addDays(dueAt, day));

/** When the next step is taken; null after the last. */
export const nextStepAt = (dueAt: Date, taken: readonly number[]): Date | null => {
  const day = dunningDays.find((step) => !taken.includes(step));
  return day === undefined ? null : addDays(dueAt, day);
};

export type Debt = {
  dueAt: Date | null;
  /** What can be asked for; the disputed part is not in it. */
  collectible: bigint;
  /** Of an advance whose collection failed for good. */
  isFailedAdvance: boolean;
};

export type Standing = { pastDueSince: Date | null; blockedAt: Date | null; reason: "unpaid" | "exposure" | null };

/**
 * How an account stands. It is past due a week after an invoice was due, and blocked after two. It is blocked at once when
 * an advance could not be collected and the next threshold is reached: what is used meanwhile may never be paid.
 */
export function standingOf(debts: readonly Debt[], isNextThresholdReached: boolean, now: Date): Standing {
  const owed = debts.filter(({ collectible, dueAt }) => collectible > 0n && dueAt !== null);
  const dates = owed.flatMap(({ dueAt }) => dueAt ?? []).toSorted((a, b) => a.getTime() - b.getTime());
  const [oldest] = dates;
  const pastDue = oldest && now >= addDays(oldest, graceDays) ? addDays(oldest, graceDays) : null;
  const unpaid = oldest && now >= addDays(oldest, blockDays) ? addDays(oldest, blockDays) : null;
  const isExposed = isNextThresholdReached && owed.some(({ isFailedAdvance }) => isFailedAdvance);
  if (unpaid) return { pastDueSince: pastDue, blockedAt: unpaid, reason: "unpaid" };
  return { pastDueSince: pastDue, blockedAt: isExposed ? now : null, reason: isExposed ? "exposure" : null };
}
