import { timeOf } from "#db/id.ts";
import { addDays, addMinutes, endOfMonth, startOfDay } from "#lib/core/clock.ts";
import type { RequestFilter } from "./input.ts";

export const outcomes = ["answered", "aborted", "failed", "refused"] as const;

/** What can be asked for through `/v1`, by the names its routes have. */
export const endpoints = [
  "chat",
  "responses",
  "agents",
  "conversations",
  "completions",
  "fim",
  "embeddings",
  "moderations",
] as const;

/** The end is not part of it. */
export type Stretch = { start: Date; end: Date };

const instantOf = (text: string): Date => new Date(`${text}${text.length > 10 ? "" : "T00:00"}Z`);
const isDay = (text: string): boolean => text.length === 10;

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

type Moments = Pick<RequestFilter, "from" | "to" | "before" | "after">;

/** The first and the last day that are asked for, unless a part of one is. */
export function wholeDays({ from, to }: Moments): { from: Date | undefined; to: Date | undefined } | undefined {
  if ((from && !isDay(from)) || (to && !isDay(to))) return undefined;
  return { from: from ? instantOf(from) : undefined, to: to ? instantOf(to) : undefined };
}

export type Counted = { by: "model" | "key" | "end_user"; values: string[] | undefined };

/** Which sums know how many requests a filter leaves: a workspace's, with one thing more. Of two things none do. */
export function countedBy(filter: RequestFilter & { only?: string; users?: string[] }): Counted | undefined {
  const { model, key, end_user: user, users, endpoint, outcome, only } = filter;
  if (endpoint || outcome || only) return undefined;
  const asked: Counted[] = [
    ...(model ? [{ by: "model" as const, values: [model] }] : []),
    ...(key ? [{ by: "key" as const, values: [key] }] : []),
    ...(user ? [{ by: "end_user" as const, values: [user] }] : []),
    ...(users ? [{ by: "end_user" as const, values: users }] : []),
  ];
  return asked.length > 1 ? undefined : (asked[0] ?? { by: "model", values: undefined });
}

/**
 * When the requests of a page can have been made: what was asked for, as far as the page before it reached. Ids are made
 * with the request's instant, so an id bounds the time as well; a day is left for clocks that were set.
 */
export function boundsOf({ from, to, before, after }: Moments, now: Date): Stretch {
  const start = from ? instantOf(from) : new Date(0);
  const asked = to && (isDay(to) ? addDays(instantOf(to), 1) : addMinutes(instantOf(to), 1));
  const end = asked || addDays(now, 1);
  if (after) return { start: later(start, addDays(timeOf(after), -1)), end };
  return { start, end: before ? earlier(end, addDays(timeOf(before), 1)) : end };
}

/** The part of a month (its first day) that is within bounds, if any: the events of a month are a table of their own. */
export function stretchOf(month: string, bounds: Stretch): Stretch | undefined {
  const stretch = {
    start: later(startOfDay(month), bounds.start),
    end: earlier(endOfMonth(month), bounds.end),
  };
  return stretch.start < stretch.end ? stretch : undefined;
}
