import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { supportHoursOf, supportTargetsOf } from "#lib/core/support-hours.ts";
import { afterWork, answerDue, legalDue, workBetween } from "./rules.ts";

const hourMs = 3_600_000;

function hoursOf(text: string, holidays: string[] = []) {
  const hours = supportHoursOf(text, holidays);
  if (!hours) throw new Error(`${text} is not read.`);
  return hours;
}

const paris = hoursOf("Mo-Fr 09:00-18:00 Europe/Paris", ["12-25", "2026-11-30"]);
const after = (from: string, hours: number, kept = paris) =>
  afterWork(kept, new Date(from), hours * hourMs)
    .toISOString()
    .slice(0, 16);

test.each([
  // A Tuesday in winter, when Paris is an hour ahead.
  ["2026-11-24T08:00Z", 8, "2026-11-24T16:00"],
  ["2026-11-24T08:00Z", 9, "2026-11-24T17:00"],
  ["2026-11-24T16:00Z", 8, "2026-11-25T15:00"],
  ["2026-11-24T03:00Z", 1, "2026-11-24T09:00"],
  ["2026-11-24T20:00Z", 1, "2026-11-25T09:00"],
  // Over a weekend, and over a Monday that is a holiday.
  ["2026-11-20T16:00Z", 2, "2026-11-23T09:00"],
  ["2026-11-27T16:00Z", 2, "2026-12-01T09:00"],
  ["2026-11-28T12:00Z", 4, "2026-12-01T12:00"],
  // A holiday of every year.
  ["2026-12-24T16:00Z", 2, "2026-12-28T09:00"],
  // The clocks change on the last Sunday of March: work begins an hour earlier in UTC.
  ["2026-03-27T16:00Z", 2, "2026-03-30T08:00"],
  ["2026-10-23T15:00Z", 2, "2026-10-26T09:00"],
])("from %s, %i hours of work are over at %s", (from, hours, expected) => {
  expect(after(from, hours)).toBe(expected);
});

test("help-zdr 31: work on the night the clocks change is as long as the night is", () => {
  const nights = hoursOf("Sa-Su 00:00-24:00 Europe/Paris");
  const work = (from: string, to: string) => workBetween(nights, new Date(from), new Date(to)) / hourMs;
  expect(work("2026-03-27T12:00Z", "2026-03-30T12:00Z")).toBe(47);
  expect(work("2026-10-23T12:00Z", "2026-10-26T12:00Z")).toBe(49);
});

const zones = ["Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "UTC", "Australia/Lord_Howe"];
const anyHours = fc
  .record({
    first: fc.constantFrom("Mo", "We", "Su"),
    last: fc.constantFrom("Fr", "Sa", "Tu"),
    from: fc.integer({ min: 0, max: 11 }),
    to: fc.integer({ min: 12, max: 24 }),
    zone: fc.constantFrom(...zones),
    holidays: fc.array(fc.constantFrom("01-01", "03-29", "2026-10-25", "2026-12-24", "02-29"), { maxLength: 3 }),
  })
  .map(({ first, last, from, to, zone, holidays }) =>
    hoursOf(`${first}-${last} ${String(from).padStart(2, "0")}:00-${to}:00 ${zone}`, holidays),
  );
const anyInstant = fc
  .date({ min: new Date("2026-01-01"), max: new Date("2028-12-31"), noInvalidDate: true })
  .map((at) => new Date(Math.floor(at.getTime() / 60_000) * 60_000));

describe("whatever the hours, the zone and the holidays", () => {
  test("what is due after some work has exactly that much work before it", () => {
    fc.assert(
      fc.property(anyHours, anyInstant, fc.integer({ min: 1, max: 60 * 100 }), (hours, from, minutes) => {
        const due = afterWork(hours, from, minutes * 60_000);
        expect(workBetween(hours, from, due)).toBe(minutes * 60_000);
        expect(workBetween(hours, from, new Date(due.getTime() - 1))).toBeLessThan(minutes * 60_000);
      }),
      { numRuns: 300 },
    );
  });

  test("work adds up, is never negative and never more than the time", () => {
    fc.assert(
      fc.property(anyHours, anyInstant, fc.nat(40_000), fc.nat(40_000), (hours, a, one, more) => {
        const b = new Date(a.getTime() + one * 60_000);
        const c = new Date(b.getTime() + more * 60_000);
        const whole = workBetween(hours, a, c);
        expect(workBetween(hours, a, b) + workBetween(hours, b, c)).toBe(whole);
        expect(whole).toBeGreaterThanOrEqual(0);
        expect(whole).toBeLessThanOrEqual(c.getTime() - a.getTime());
      }),
      { numRuns: 200 },
    );
  });

  test("who asks later never gets an earlier answer", () => {
    fc.assert(
      fc.property(
        anyHours,
        anyInstant,
        fc.nat(20_000),
        fc.integer({ min: 1, max: 3000 }),
        (hours, from, later, work) => {
          const [one, two] = [from, new Date(from.getTime() + later * 60_000)].map((at) =>
            afterWork(hours, at, work * 60_000).getTime(),
          );
          expect(two).toBeGreaterThanOrEqual(one ?? 0);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("an answer is due by the plan's hours, and a day of the terms by the calendar alone", () => {
  const targets = { free: 16, paid: 8, order: 4 };
  const at = new Date("2026-11-24T08:00:00Z");
  expect(answerDue(paris, targets, "free", at).toISOString()).toBe("2026-11-25T15:00:00.000Z");
  expect(answerDue(paris, targets, "paid", at).toISOString()).toBe("2026-11-24T16:00:00.000Z");
  expect(answerDue(paris, targets, "order", at).toISOString()).toBe("2026-11-24T12:00:00.000Z");
  expect(legalDue(new Date("2028-02-25T23:59:00Z"), 10)?.toISOString()).toBe("2028-03-06T23:59:00.000Z");
  expect(legalDue(at, null)).toBeNull();
});

test.each([
  "Mo-Fr 18:00-09:00 Europe/Paris",
  "Mo-Fr 09:00-18:00",
  "Mo-Fr 09:00-18:00 Mars/Olympus",
  "Mo-Xx 09:00-18:00 UTC",
  "Mo-Fr 09:60-18:00 UTC",
  "Mo-Fr 09:00-25:00 UTC",
  "",
])("hours written as %s are refused", (text) => {
  expect(supportHoursOf(text)).toBeNull();
});

test.each(["free=16h,paid=8h", "free=16,paid=8,order=4", ""])("targets written as %s are refused", (text) => {
  expect(supportTargetsOf(text)).toBeNull();
});
