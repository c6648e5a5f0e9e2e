import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type ClockName, clocks, passesByItself, stepsOf } from "#lib/domain/deadlines/rules.ts";
import { sweepStep } from "./rules.ts";

const openedAt = new Date("2026-11-02T00:00:00Z");
const names = Object.keys(clocks) as ClockName[];
const row = (clock: ClockName, days = 100) => ({ clock, openedAt, dueAt: addDays(openedAt, days), step: 0 });
const tells = (clock: ClockName, days: number) => sweepStep(row(clock), addDays(openedAt, days)).tell;

test("contract 32: staff read the first step at the desk, the second by letter, and the last goes to administrators too", () => {
  expect([49, 50, 79, 80, 99, 100].map((day) => tells("dispute.answer", day))).toEqual([
    null,
    null,
    null,
    "role",
    "role",
    "everyone",
  ]);
});

test("contract 32: customers are told 30, 7 and 1 days before, and of a date that passes no more", () => {
  expect([69, 70, 93, 99, 100].map((day) => tells("key.expiry", day))).toEqual([
    null,
    "customer",
    "customer",
    "customer",
    null,
  ]);
  const { isMet, isBroken, nextAt } = sweepStep(row("key.expiry"), addDays(openedAt, 100));
  expect({ isMet, isBroken, nextAt }).toEqual({ isMet: true, isBroken: false, nextAt: null });
});

test("contract 32, T-4.2.1-DISC4: of a model's end customers hear once, from the letters that know who still asks it", () => {
  expect([70, 93, 99].map((day) => tells("model.retire", day))).toEqual([null, null, null]);
});

test("contract 32: what is promised is broken at its date, what happens by itself an hour later", () => {
  const due = addDays(openedAt, 100);
  const brokenAt = (clock: ClockName, at: Date) => sweepStep(row(clock), at).isBroken;
  expect([brokenAt("zdr.review", new Date(due.getTime() - 1)), brokenAt("zdr.review", due)]).toEqual([false, true]);
  expect(sweepStep(row("contract.end"), due)).toMatchObject({
    isBroken: false,
    nextAt: addMinutes(due, 60),
    tell: null,
  });
  expect([59, 60].map((minutes) => brokenAt("contract.end", addMinutes(due, minutes)))).toEqual([false, true]);
});

test("contract 32: whenever sweeps look, each clock ends met or broken, and no step is told twice", () => {
  const looks = fc.array(fc.integer({ min: 1, max: 60 * 24 * 40 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.integer({ min: 0, max: 60 }), looks, (clock, days, waits) => {
      let now = openedAt;
      let nextAt: Date | null = openedAt;
      const told: string[] = [];
      for (const wait of [...waits, 60 * 24 * 100, 61]) {
        now = addMinutes(now, wait);
        if (nextAt === null || nextAt > now) continue;
        const swept = sweepStep({ ...row(clock, days) }, now);
        if (swept.tell)
          told.push(`${swept.tell} ${stepsOf(clock, row(clock, days)).filter((step) => step <= now).length}`);
        expect(swept.nextAt === null || swept.nextAt > now).toBe(true);
        expect((swept.isMet || swept.isBroken) === (swept.nextAt === null)).toBe(true);
        expect(swept.isMet).toBe(swept.nextAt === null && passesByItself(clock));
        nextAt = swept.nextAt;
      }
      expect(nextAt).toBeNull();
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 3000 },
  );
});
