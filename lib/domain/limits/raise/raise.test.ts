import { expect, test } from "vitest";
import { isRaise } from "./rules.ts";

const cases = [
  [null, null, false],
  [null, 5n, false],
  [5n, 5n, false],
  [5n, 4n, false],
  [5n, 6n, true],
  [5n, null, true],
] as const;

test.each(cases)("from %s to %s lets more be spent: %s", (before, after, raises) => {
  expect(isRaise(before, after)).toBe(raises);
});
