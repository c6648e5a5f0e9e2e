import { expect, test } from "vitest";
import { addMonths } from "./clock.ts";

test.each([
  ["2026-08-31T10:00:00.000Z", 6, "2027-02-28T10:00:00.000Z"],
  ["2027-08-29T23:59:59.999Z", 6, "2028-02-29T23:59:59.999Z"],
  ["2026-12-31T00:00:00.000Z", 2, "2027-02-28T00:00:00.000Z"],
  ["2028-02-29T12:00:00.000Z", 12, "2029-02-28T12:00:00.000Z"],
  ["2026-11-30T00:00:00.000Z", 1, "2026-12-30T00:00:00.000Z"],
])("%s and %d months is %s, in UTC whatever zone the process has", (from, months, to) => {
  expect(addMonths(new Date(from), months).toISOString()).toBe(to);
});
