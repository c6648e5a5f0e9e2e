import { expect, test } from "vitest";
import { linearTicks, logTicks, tickWords } from "./ticks.ts";

test.each([
  [0, 1, [0, 0.5, 1]],
  [0, 10, [0, 5, 10]],
  [0, 7, [0, 2, 4, 6]],
  [0.1, 0.3, [0.1, 0.15, 0.2, 0.25, 0.3]],
  [3, 3, [3]],
])("an axis from %d to %d has round marks", (low, high, ticks) => {
  expect(linearTicks(low, high)).toEqual(ticks);
});

test.each([
  [0.02, 9, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]],
  [0.00001, 10, [0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10]],
])("a logarithmic axis from %d to %d has marks at 1, 2 and 5", (low, high, ticks) => {
  expect(logTicks(low, high)).toEqual(ticks);
});

test("marks are written short", () => {
  expect([0, 0.15, 0.30000000000000004, 0.00001, 1234].map(tickWords)).toEqual(["0", "0.15", "0.3", "1e-5", "1230"]);
});
