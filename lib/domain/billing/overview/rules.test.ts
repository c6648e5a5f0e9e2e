import fc from "fast-check";
import { expect, test } from "vitest";
import { crossings, nextThreshold } from "#lib/domain/billing/cycles/rules.ts";
import { ladderOf, nextOf, tenthsOf } from "./rules.ts";

const published = { ref: "version 1", amounts: [50_00n, 200_00n, 500_00n, 1_000_00n], step: 1_000_00n };

test("the table has every published threshold and the steps as far as the next one", () => {
  expect(ladderOf(published, 0n)).toEqual([50_00n, 200_00n, 500_00n, 1_000_00n, 2_000_00n]);
  expect(ladderOf(published, 2_000_00n).at(-1)).toBe(3_000_00n);
  expect(ladderOf({ ...published, step: null }, 5_000_00n)).toEqual(published.amounts);
  expect(ladderOf({ ref: "none", amounts: [], step: null }, 0n)).toEqual([]);
  expect(ladderOf({ ref: "step", amounts: [], step: 100_00n }, 0n)).toEqual([100_00n]);
});

const amounts = fc
  .uniqueArray(fc.bigInt(1n, 1_000_000n), { maxLength: 6 })
  .map((list) => list.toSorted((a, b) => (a < b ? -1 : 1)));
const thresholds = fc.record({
  ref: fc.constant("any"),
  amounts,
  step: fc.option(fc.bigInt(1n, 1_000_000n), { nil: null }),
});

test("whatever the thresholds and the use, the table ascends, repeats nothing and stays short, and the next one is ahead", () => {
  fc.assert(
    fc.property(thresholds, fc.bigInt(0n, 5_000_000n), (plan, usedCents) => {
      const rungs = ladderOf(plan, usedCents);
      expect(rungs).toEqual([...new Set(rungs)].toSorted((a, b) => (a < b ? -1 : 1)));
      expect(rungs.length).toBeLessThanOrEqual(plan.amounts.length + 4);
      const usedPico = usedCents * 10_000_000_000n;
      const next = nextOf(plan, usedPico, 0n);
      if (next === null) return;
      expect(next > usedCents).toBe(true);
      expect(rungs).toContain(next);
      expect(crossings(plan, { usedPico, chargedCents: nextThreshold(plan, next - 1n) ?? 0n, floorCents: 0n })).toEqual(
        [],
      );
    }),
  );
});

test("a bar is never longer than its whole, and a whole of nothing is full", () => {
  expect([tenthsOf(5n, 10n), tenthsOf(20n, 10n), tenthsOf(0n, 10n), tenthsOf(1n, 0n)]).toEqual([500, 1000, 0, 1000]);
});
