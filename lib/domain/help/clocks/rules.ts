import { addDays, dayMs } from "#lib/core/clock.ts";
import type { SupportHours, SupportTargets } from "#lib/core/support-hours.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A day of the calendar of some time zone. */
type Day = { year: number; month: number; day: number };

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...parts, second: "numeric" });
  formats.set(zone, made);
  return made;
}

/** What clocks and calendars of a zone show at an instant, as if it were UTC. */
function shownAt(zone: string, at: number): number {
  const parts = formatOf(zone).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

/** The instant at which a zone's clocks show a minute of a day. Where they jump over it, the instant they jump. */
function instantAt(zone: string, { year, month, day }: Day, minutes: number): number {
  const wanted = Date.UTC(year, month - 1, day) + minutes * minuteMs;
  const first = wanted - (shownAt(zone, wanted) - wanted);
  return first - (shownAt(zone, first) - wanted);
}

function dayAt(zone: string, at: number): Day {
  const shown = new Date(shownAt(zone, at));
  return { year: shown.getUTCFullYear(), month: shown.getUTCMonth() + 1, day: shown.getUTCDate() };
}

function nextDay({ year, month, day }: Day): Day {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

const padded = (value: number): string => String(value).padStart(2, "0");

/** When work begins and ends on a day; null on a day off. */
function windowOf({ week, zone, holidays }: SupportHours, day: Day): { from: number; to: number } | null {
  const monthDay = `${padded(day.month)}-${padded(day.day)}`;
  if (holidays.has(monthDay) || holidays.has(`${day.year}-${monthDay}`)) return null;
  const hours = week[new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay()];
  if (!hours) return null;
  const [from, to] = [instantAt(zone, day, hours.from), instantAt(zone, day, hours.to)];
  return from < to ? { from, to } : null;
}

/** Longer than any run of days off; who never works is asked for an answer at once. */
const mostDays = 1500;

/** The instant by which an amount of work has passed: only the hours of work count, across weekends and holidays. */
export function afterWork(hours: SupportHours, from: Date, workMs: number): Date {
  let left = workMs;
  let day = dayAt(hours.zone, from.getTime());
  for (let passed = 0; passed < mostDays; passed += 1, day = nextDay(day)) {
    const window = windowOf(hours, day);
    const begin = window && Math.max(window.from, from.getTime());
    if (!window || begin === null || begin >= window.to) continue;
    if (window.to - begin >= left) return new Date(begin + left);
    left -= window.to - begin;
  }
  return from;
}

/** How much work there was between two instants. */
export function workBetween(hours: SupportHours, from: Date, to: Date): number {
  let sum = 0;
  let day = dayAt(hours.zone, from.getTime());
  for (let begin = from.getTime(); begin < to.getTime() && sum < Number.MAX_SAFE_INTEGER; day = nextDay(day)) {
    const window = windowOf(hours, day);
    const start = window && Math.max(window.from, from.getTime());
    if (window && start !== null) sum += Math.max(0, Math.min(window.to, to.getTime()) - start);
    begin = instantAt(hours.zone, nextDay(day), 0);
  }
  return sum;
}

/** When an answer is due to a customer who wrote at an instant. */
export const answerDue = (hours: SupportHours, targets: SupportTargets, plan: keyof SupportTargets, at: Date): Date =>
  afterWork(hours, at, targets[plan] * hourMs);

/** A day the terms set: so many days of the calendar after the request was received, weekends or not. */
export const legalDue = (receivedAt: Date, days: number | null): Date | null =>
  days === null ? null : addDays(receivedAt, days);

/** For how long a resolved ticket is opened again by a reply. */
export const reopenDays = 14;

/** For how long a resolved ticket can be rated. */
export const rateDays = 14;

/** How long a claim holds without anything being done. */
export const claimMinutes = 30;

export const isWithin = (since: Date, days: number, at: Date): boolean =>
  at.getTime() - since.getTime() <= days * dayMs;
