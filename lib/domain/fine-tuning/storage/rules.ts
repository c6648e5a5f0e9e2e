import { addDays, dayOf, endOfMonth, startOfDay } from "#lib/core/clock.ts";
import { divideRounded } from "#lib/core/money.ts";

/** The price of one day, so that the days of a whole month sum to the month's price exactly. */
export function dayFee(day: string, month: bigint): bigint {
  const date = BigInt(startOfDay(day).getUTCDate());
  const days = BigInt(addDays(endOfMonth(day), -1).getUTCDate());
  return divideRounded(month * date, days) - divideRounded(month * (date - 1n), days);
}

/** The last instant of a day: a model that is there then was kept on it. */
export const endOfDay = (day: string): Date => new Date(addDays(startOfDay(day), 1).getTime() - 1);

/** The days that are over and not accounted for: from the one after the last, or from the day it was made. */
export function dueDays(made: Date, last: string | null, now: Date): string[] {
  const days: string[] = [];
  const first = last === null ? startOfDay(dayOf(made)) : addDays(startOfDay(last), 1);
  for (let at = first; addDays(at, 1) <= now; at = addDays(at, 1)) days.push(dayOf(at));
  return days;
}
