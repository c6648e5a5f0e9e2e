import { addDays, dayMs } from "#lib/core/clock.ts";

/** T-7-SUB: thirty days from the notice, and one for the letters to be taken. */
const leadDays = 31;

/** The earliest date that can be planned for a change which is announced at an instant. */
export const earliestDate = (announcedAt: Date): Date => addDays(announcedAt, leadDays);

/** T-7-SUB: from when a change holds for a customer, by their own notice. */
export function dateFor(noticedAt: Date, plannedAt: Date, days: number): Date {
  const own = addDays(noticedAt, days);
  return own > plannedAt ? own : plannedAt;
}

/** How long it is until an instant, in whole days. */
export function daysUntil(at: Date, now: Date): string {
  const days = Math.ceil((at.getTime() - now.getTime()) / dayMs);
  return days === 1 ? "1 day" : `${Math.max(days, 0)} days`;
}

export const stateWords = {
  draft: "Draft",
  approved: "Approved, waits for a second person",
  announced: "Announced",
  in_force: "In force",
  replaced: "Replaced",
  withdrawn: "Withdrawn",
} as const;
