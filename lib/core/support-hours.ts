import { z } from "zod";

/** When the provider's people answer: days of the week, hours of the day, a time zone, and days off. */
export type SupportHours = {
  /** By day of the week from Sunday: minutes of the day at which work begins and ends; null: no work. */
  week: readonly ({ from: number; to: number } | null)[];
  zone: string;
  /** As 12-25 for every year, or 2026-12-24 for one. */
  holidays: ReadonlySet<string>;
};

const days = ["su", "mo", "tu", "we", "th", "fr", "sa"];
const dayPattern = "(mo|tu|we|th|fr|sa|su)(?:-(mo|tu|we|th|fr|sa|su))?";
const pattern = new RegExp(`^${dayPattern}\\s+(\\d{2}):(\\d{2})-(\\d{2}):(\\d{2})\\s+(\\S+)$`, "i");

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Reads "Mo-Fr 09:00-18:00 Europe/Paris"; null where it is written in another way. */
export function supportHoursOf(text: string, holidays: readonly string[] = []): SupportHours | null {
  const found = pattern.exec(text.trim());
  if (!found) return null;
  const [, first = "", last = first, fromHour, fromMinute, toHour, toMinute, zone = ""] = found;
  const minutes = (hour: string | undefined, minute: string | undefined) => Number(hour) * 60 + Number(minute);
  const [from, to] = [minutes(fromHour, fromMinute), minutes(toHour, toMinute)];
  if (from >= to || to > 24 * 60 || Number(fromMinute) > 59 || Number(toMinute) > 59 || !isZone(zone)) return null;
  const [begin, end] = [days.indexOf(first.toLowerCase()), days.indexOf(last.toLowerCase())];
  const length = ((end - begin + 7) % 7) + 1;
  const week = days.map((_, day) => ((day - begin + 7) % 7 < length ? { from, to } : null));
  return { week, zone, holidays: new Set(holidays) };
}

const isHoliday = (text: string): boolean =>
  /^(\d{4}-)?\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(`${text.length === 5 ? "2024-" : ""}${text}T00:00:00Z`));

const listOf = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((one) => one.trim())
    .filter((one) => one !== "");

const targetPattern = /^free=(\d{1,3})h,\s*paid=(\d{1,3})h,\s*order=(\d{1,3})h$/;

/** Hours of work until an answer is due, by plan. */
export type SupportTargets = Readonly<Record<"free" | "paid" | "order", number>>;

/** Reads "free=16h, paid=8h, order=4h"; null where it is written in another way. */
export function supportTargetsOf(text: string): SupportTargets | null {
  const found = targetPattern.exec(text.trim());
  if (!found) return null;
  const [, free, paid, order] = found;
  return { free: Number(free), paid: Number(paid), order: Number(order) };
}

/** What an operator says about answering tickets; read together with env.ts. */
export const supportVariables = {
  SUPPORT_HOURS: z
    .string()
    .refine(
      (text) => supportHoursOf(text) !== null,
      "must be days, hours and a time zone, such as Mo-Fr 09:00-18:00 Europe/Paris",
    )
    .default("Mo-Fr 09:00-18:00 Europe/Paris")
    .describe("When your people answer tickets: days, hours and time zone. The clocks of tickets run only then."),
  SUPPORT_HOLIDAYS: z
    .string()
    .transform(listOf)
    .refine((list) => list.every(isHoliday), "must be days such as 12-25 or 2026-04-06, separated by commas")
    .optional()
    .describe("Days on which they do not: `12-25` for every year, `2026-04-06` for one; separated by commas."),
  SUPPORT_TARGETS: z
    .string()
    .refine((text) => supportTargetsOf(text) !== null, "must be hours by plan, such as free=16h, paid=8h, order=4h")
    .default("free=16h, paid=8h, order=4h")
    .describe("Hours of work until an answer to a ticket is due, by plan."),
};
