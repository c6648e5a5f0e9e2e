import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, dayMs } from "#lib/core/clock.ts";
import { endOf, lastMoment, possibleEnds } from "./rules.ts";

test.each([
  ["2026-02-14T00:00:00.000Z", "2026-03-01"],
  ["2026-02-14T00:00:01.000Z", "2026-04-01"],
  ["2026-01-17T00:00:00.000Z", "2026-02-01"],
  ["2026-01-17T00:00:00.001Z", "2026-03-01"],
  ["2028-02-15T00:00:00.000Z", "2028-03-01"],
  ["2028-02-15T00:00:01.000Z", "2028-04-01"],
  ["2026-12-17T00:00:00.000Z", "2027-01-01"],
  ["2026-12-17T00:00:01.000Z", "2027-02-01"],
  ["2026-12-31T23:59:59.000Z", "2027-02-01"],
])("contract 23, T-6-CONV: notice of %s ends the agreement on %s, in UTC whatever zone the process has", (at, end) => {
  expect(endOf(new Date(at), 15).toISOString()).toBe(`${end}T00:00:00.000Z`);
});

const anyInstant = fc.date({
  min: new Date("2026-01-01T00:00:00Z"),
  max: new Date("2040-01-01T00:00:00Z"),
  noInvalidDate: true,
});

test("contract 23, T-6-CONV: every notice ends at a month's end, 15 to 46 days later, and at the first such one", () => {
  fc.assert(
    fc.property(anyInstant, (at) => {
      const end = endOf(at, 15);
      expect(end.toISOString()).toMatch(/-01T00:00:00\.000Z$/);
      const wait = end.getTime() - at.getTime();
      expect(wait).toBeGreaterThanOrEqual(15 * dayMs);
      expect(wait).toBeLessThan(46 * dayMs);
      expect(endOf(lastMoment(end, 15), 15)).toEqual(end);
      expect(endOf(new Date(lastMoment(end, 15).getTime() + 1), 15) > end).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("an order that asks for more notice than a month has moves the end to a later month", () => {
  expect(endOf(new Date("2026-03-10T00:00:00Z"), 90).toISOString()).toBe("2026-07-01T00:00:00.000Z");
});

test("later ends can be chosen, a year of them, each a month after the one before", () => {
  const ends = possibleEnds(new Date("2026-02-20T00:00:00Z"), 15).map((end) => end.toISOString().slice(0, 10));
  expect(ends[0]).toBe("2026-04-01");
  expect(ends.at(-1)).toBe("2027-03-01");
  expect(new Set(ends).size).toBe(12);
  expect(addDays(new Date("2026-02-20T00:00:00Z"), 15) <= new Date("2026-04-01T00:00:00Z")).toBe(true);
});
