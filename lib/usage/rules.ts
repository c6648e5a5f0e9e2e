import { addDays, dayOf } from "#lib/clock.ts";

export type Range = { from: string; to: string };

const defaultDays = 30;
const longestDays = 400;

/** The days a page shows: what was asked for as far as it makes sense, else the last thirty. Both ends are included. */
export function rangeOf(asked: { from?: string | undefined; to?: string | undefined }, now: Date): Range {
  const to = real(asked.to) ?? dayOf(now);
  const from = real(asked.from) ?? dayOf(addDays(instantOf(to), 1 - defaultDays));
  const earliest = dayOf(addDays(instantOf(to), 1 - longestDays));
  if (from > to) return { from: to, to: from < dayOf(addDays(instantOf(to), longestDays)) ? from : to };
  return { from: from < earliest ? earliest : from, to };
}

const instantOf = (day: string): Date => new Date(`${day}T00:00:00.000Z`);

/** A day that exists: February has no 30th. */
function real(day: string | undefined): string | undefined {
  if (!day) return undefined;
  const at = instantOf(day);
  return Number.isNaN(at.getTime()) || dayOf(at) !== day ? undefined : day;
}

/** Every day of a range, so that a chart has a bar for days without use. */
export function daysOf({ from, to }: Range): string[] {
  const days: string[] = [];
  for (let at = instantOf(from); dayOf(at) <= to; at = addDays(at, 1)) days.push(dayOf(at));
  return days;
}
