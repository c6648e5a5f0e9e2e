import fc from "fast-check";
import { expect, test } from "vitest";
import { niceCeiling, shareOf } from "./scale.ts";

test.each([
  [0n, 0n],
  [1n, 2n],
  [7n, 8n],
  [11n, 12n],
  [250_300_000_000n, 300_000_000_000n],
  [999n, 1000n],
])("an axis over %s ends at %s", (value, end) => {
  expect(niceCeiling(value)).toBe(end);
});

test("an axis is never shorter than its highest bar, never more than twice as long, and its half is whole", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 2n, max: 10n ** 20n }), (value) => {
      const end = niceCeiling(value);
      return end >= value && end <= value * 2n && end % 2n === 0n;
    }),
  );
});

test("a part of nothing is nothing", () => {
  expect(shareOf(0n, 0n)).toBe(0);
  expect(shareOf(1n, 4n)).toBe(0.25);
});
