import { expect, test } from "vitest";
import { daysOf, rangeOf } from "./rules.ts";

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
