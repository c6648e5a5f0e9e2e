import { timeOf } from "#db/id.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { RequestFilter } from "./input.ts";

export const outcomes = ["answered", "aborted", "failed", "refused"] as const;

/** What can be asked for through `/v1`, by the names its routes have. */
export const endpoints = ["chat", "agents", "conversations", "fim", "embeddings"] as const;

/** The end is not part of it. */
export type Stretch = { start: Date; end: Date };

const instantOf = (text: string): Date => new Date(`${text}${text.length > 10 ? "" : "T00:00"}Z`);
const isDay = (text: string): boolean => text.length === 10;

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/**
 * When the requests of a page can have been made: what was asked for, as far as the page before it reached. Ids are made
 * with the request's instant, so an id bounds the time as well; a day is left for clocks that were set.
 */
export function boundsOf({ from, to, before, after }: RequestFilter, now: Date): Stretch {
  const start = from ? instantOf(from) : new Date(0);
  const asked = to && (isDay(to) ? addDays(instantOf(to), 1) : addMinutes(instantOf(to), 1));
  const end = asked || addDays(now, 1);
  if (after) return { start: later(start, addDays(timeOf(after), -1)), end };
  return { start, end: before ? earlier(end, addDays(timeOf(before), 1)) : end };
}

/** The part of a month (its first day) that is within bounds, if any: the events of a month are a table of their own. */
export function stretchOf(month: string, bounds: Stretch): Stretch | undefined {
  const first = new Date(`${month}T00:00:00.000Z`);
  const next = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1));
  const stretch = { start: later(first, bounds.start), end: earlier(next, bounds.end) };
  return stretch.start < stretch.end ? stretch : undefined;
}

/** Whether the address asks for less than everything. */
export const isFiltered = ({ model, key, end_user, endpoint, outcome, from, to }: RequestFilter): boolean =>
  [model, key, end_user, endpoint, outcome, from, to].some((asked) => asked !== undefined);
