import { addDays } from "#lib/core/clock.ts";
import type { Price } from "#lib/core/money.ts";

/** Days before a list price may rise (T-7-SUB). */
export const noticeDays = 30;

/** Whether any part of a price is above what it was. */
export const isIncrease = (before: Price, after: Price): boolean =>
  (Object.keys(before) as (keyof Price)[]).some((column) => after[column] > before[column]);

/** The first instant a new price may hold from: lower ones at once, higher ones after notice. */
export const earliestFrom = (before: Price | undefined, after: Price, now: Date): Date =>
  before && isIncrease(before, after) ? addDays(now, noticeDays) : now;
