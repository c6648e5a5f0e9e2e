import { expect, test } from "vitest";
import { bucketsOf, daysOf, grainOf, monthOfRange, previousOf, rangeOf } from "./rules.ts";

const now = new Date("2026-03-01T10:00:00.000Z");

test.each([
  ["nothing asked: the last thirty days", {}, { from: "2026-01-31", to: "2026-03-01" }],
  ["a day that does not exist is not a day", { from: "2026-02-30" }, { from: "2026-01-31", to: "2026-03-01" }],
  [
    "ends the wrong way round are turned",
    { from: "2026-02-03", to: "2026-02-01" },
    { from: "2026-02-01", to: "2026-02-03" },
  ],
  ["a range is at most 400 days", { from: "2020-01-01", to: "2026-03-01" }, { from: "2025-01-26", to: "2026-03-01" }],
])("%s", (_name, asked, expected) => {
  expect(rangeOf(asked, now)).toEqual(expected);
});

test("every day of a range is there once, across a month's end", () => {
  expect(daysOf({ from: "2026-02-27", to: "2026-03-02" })).toEqual([
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
  ]);
});

test.each([
  ["2026-02-01", "2026-02-28", "2026-01-04", "2026-01-31"],
  ["2026-03-01", "2026-03-01", "2026-02-28", "2026-02-28"],
])("before %s to %s come as many days", (from, to, beforeFrom, beforeTo) => {
  expect(previousOf({ from, to })).toEqual({ from: beforeFrom, to: beforeTo });
});

test.each([
  ["a whole month", "2026-02-01", "2026-02-28", "2026-02-01"],
  ["this month up to today", "2026-03-01", "2026-03-01", "2026-03-01"],
  ["a month that is not whole", "2026-02-01", "2026-02-27", undefined],
  ["two months", "2026-01-01", "2026-02-28", undefined],
  ["thirty days that begin in the middle", "2026-01-15", "2026-02-14", undefined],
])("%s is what an invoice is made for, or not", (_name, from, to, month) => {
  expect(monthOfRange({ from, to }, now)).toBe(month);
});

test.each([
  ["hours of a month are days", "hour", "2026-02-01", "2026-02-28", "day"],
  ["hours of fourteen days are hours", "hour", "2026-02-01", "2026-02-14", "hour"],
  ["a day is told by the hour", undefined, "2026-03-01", "2026-03-01", "hour"],
  ["unless days are asked for", "day", "2026-03-01", "2026-03-01", "day"],
  ["a week is told by the day", undefined, "2026-02-01", "2026-02-07", "day"],
] as const)("%s", (_name, asked, from, to, grain) => {
  expect(grainOf(asked, { from, to })).toBe(grain);
});

test("the hours of a range are named by their beginnings", () => {
  const hours = bucketsOf({ from: "2026-02-28", to: "2026-03-01" }, "hour");
  expect([hours.length, hours[0], hours[23], hours[24]]).toEqual([
    48,
    "2026-02-28T00",
    "2026-02-28T23",
    "2026-03-01T00",
  ]);
});
