import type { CalendarEntry } from "#lib/core/calendar.ts";
import { addDays } from "#lib/core/clock.ts";
import type { CalendarEvent } from "./view.ts";

/** For how long a calendar is told of what is over, so that it takes it out. */
export const toldSince = (now: Date): Date => addDays(now, -90);
/** More than a calendar shows in any use of it. */
export const eventsMost = 2000;

type Standing = { dueAt: Date; metAt: Date | null; cancelledAt: Date | null };

/** What will not come any more: it was cancelled, or done before its date. */
export const isCancelled = ({ dueAt, metAt, cancelledAt }: Standing): boolean =>
  cancelledAt !== null || (metAt !== null && metAt < dueAt);

/** A deadline as calendars have it. */
export const entryOf = (host: string, one: CalendarEvent): CalendarEntry => ({
  uid: `${one.id}@${host}`,
  at: one.at,
  summary: `${one.title} – ${one.organizationName}`,
  description: `${one.clause}, ${one.at.toISOString().slice(0, 16).replace("T", " ")} UTC`,
  sequence: one.sequence,
  changedAt: one.changedAt,
  isCancelled: one.isCancelled,
});
