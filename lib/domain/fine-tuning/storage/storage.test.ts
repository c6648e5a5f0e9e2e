import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, dayOf, endOfMonth, startOfDay } from "#lib/core/clock.ts";
import { dayFee, dueDays } from "./rules.ts";

test("fine-tuning 32: the days of every month sum to the month's price exactly, each near its part", () => {
  const months = fc.record({ year: fc.integer({ min: 2024, max: 2032 }), month: fc.integer({ min: 1, max: 12 }) });
  fc.assert(
    fc.property(months, fc.bigInt({ min: 0n, max: 10n ** 15n }), ({ year, month }, price) => {
      const first = `${year}-${String(month).padStart(2, "0")}-01`;
      const days: string[] = [];
      for (let at = startOfDay(first); at < endOfMonth(first); at = addDays(at, 1)) days.push(dayOf(at));
      const fees = days.map((day) => dayFee(day, price));
      expect(fees.reduce((sum, fee) => sum + fee, 0n)).toBe(price);
      const part = price / BigInt(days.length);
      for (const fee of fees) expect(fee >= part && fee <= part + 1n).toBe(true);
    }),
  );
});

test.each([
  ["2026-02-01T10:00:00Z", null, "2026-02-02T00:10:00Z", ["2026-02-01"]],
  ["2026-02-01T10:00:00Z", null, "2026-02-01T23:59:59Z", []],
  ["2026-01-01T10:00:00Z", "2026-02-27", "2026-03-02T00:10:00Z", ["2026-02-28", "2026-03-01"]],
  ["2026-01-01T10:00:00Z", "2026-03-01", "2026-03-02T00:10:00Z", []],
])("fine-tuning 32: of a model made at %s, with days up to %s, those due at %s are %j", (made, last, at, days) => {
  expect(dueDays(new Date(made), last, new Date(at))).toEqual(days);
});
