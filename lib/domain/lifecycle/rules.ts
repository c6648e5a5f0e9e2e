import { addMonths } from "#lib/core/clock.ts";

/** T-4.2.1-DISC1: what all customers has at least; a customer's own contract can say more. */
const noticeMonths = 6;

/** The earliest end of a model that is announced at an instant. */
export const earliestEnd = (announcedAt: Date): Date => addMonths(announcedAt, noticeMonths);

/** When a model ends for a customer by their own notice. */
export function endFor(noticedAt: Date, plannedAt: Date, months: number): Date {
  const own = addMonths(noticedAt, months);
  return own > plannedAt ? own : plannedAt;
}

export const instantWords = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", ", ")} UTC`;
