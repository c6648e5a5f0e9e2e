import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays } from "#lib/core/clock.ts";
import { type ClockName, clocks, due, nextStep, stepsOf } from "./rules.ts";

const openedAt = new Date("2026-11-02T00:00:00Z");
const names = Object.keys(clocks) as ClockName[];

test("contract 32: staff are reminded at half, four fifths and all of the time, customers 30, 7 and 1 days before", () => {
  const days = (clock: ClockName) =>
    stepsOf(clock, { openedAt, dueAt: addDays(openedAt, 100) }).map(
      (step) => (step.getTime() - openedAt.getTime()) / 86_400_000,
    );
  expect(days("rate.request")).toEqual([50, 80, 100]);
  expect(days("contract.end")).toEqual([70, 93, 99, 100]);
});

test("contract 32: the next step lies ahead, and every clock comes to the day it is due", () => {
  const length = fc.integer({ min: -10, max: 400 });
  const passed = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(fc.constantFrom(...names), length, passed, (clock, length, passed) => {
      const dueAt = addDays(openedAt, length);
      let at = addDays(openedAt, passed);
      for (let looks = 0; looks < 5; looks += 1) {
        const { step, nextAt } = nextStep(clock, { openedAt, dueAt, at });
        if (nextAt <= at || nextAt >= dueAt) {
          expect([nextAt, step]).toEqual([dueAt, stepsOf(clock, { openedAt, dueAt }).length - 1]);
          return;
        }
        at = nextAt;
      }
      throw new Error("It never comes to the day it is due.");
    }),
    { numRuns: 5000 },
  );
});

test("contract 32, T-4.2.1-DISC3: a notice that did not arrive is given within two working days", () => {
  const from = (day: string) => due["notice.undelivered"](new Date(`${day}T15:00:00Z`)).toISOString();
  expect(from("2026-11-30")).toBe("2026-12-02T15:00:00.000Z");
  expect(from("2026-12-03")).toBe("2026-12-07T15:00:00.000Z");
  expect(from("2026-12-05")).toBe("2026-12-08T15:00:00.000Z");
});
