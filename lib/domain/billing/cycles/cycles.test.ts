import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crossings, nextThreshold, type Thresholds } from "./rules.ts";

const euro = 1_000_000_000_000n;
const plan: Thresholds = { ref: "1", amounts: [50_00n, 200_00n, 500_00n], step: 500_00n };
const none = { chargedCents: 0n, floorCents: 0n };

describe("T-5.2-ADV2: thresholds that use has met or surpassed", () => {
  test("nothing below the first, exactly at it the first, and a jump gives all of them in order", () => {
    expect(crossings(plan, { usedPico: 50n * euro - 1n, ...none })).toEqual([]);
    expect(crossings(plan, { usedPico: 50n * euro, ...none })).toEqual([{ thresholdCents: 50_00n, netCents: 50_00n }]);
    expect(crossings(plan, { usedPico: 1_600n * euro, ...none }).map(({ netCents }) => netCents)).toEqual([
      50_00n,
      150_00n,
      300_00n,
      500_00n,
      500_00n,
    ]);
  });

  test("without a step there is none after the last", () => {
    expect(nextThreshold({ ...plan, step: null }, 500_00n)).toBeNull();
    expect(nextThreshold(plan, 500_00n)).toBe(1_000_00n);
    expect(nextThreshold(plan, 1_499_99n)).toBe(1_500_00n);
  });

  test("T-5.2-ADV1: what was passed before new thresholds held is not charged afterwards", () => {
    const fresh: Thresholds = { ref: "2", amounts: [10_00n, 60_00n, 100_00n], step: null };
    const before = { chargedCents: 50_00n, floorCents: 70_00n };
    expect(crossings(fresh, { usedPico: 80n * euro, ...before })).toEqual([]);
    expect(crossings(fresh, { usedPico: 100n * euro, ...before })).toEqual([
      { thresholdCents: 100_00n, netCents: 40_00n },
    ]);
  });
});

const ascending = fc
  .uniqueArray(fc.bigInt(1n, 100_000n), { minLength: 1, maxLength: 8 })
  .map((list) => list.toSorted((a, b) => Number(a - b)));
const anyPlan = fc.record({ ref: fc.constant("p"), amounts: ascending, step: fc.option(fc.bigInt(5_000n, 100_000n)) });
const growth = fc.array(fc.bigInt(0n, 400n * euro), { minLength: 1, maxLength: 12 });

/** The thresholds charged when someone looks after each piece of use. */
function walked(thresholds: Thresholds, pieces: readonly bigint[]) {
  let [usedPico, chargedCents] = [0n, 0n];
  const all = [];
  for (const piece of [...pieces, 0n, 0n, 0n, 0n]) {
    usedPico += piece;
    const found = crossings(thresholds, { usedPico, chargedCents, floorCents: 0n });
    chargedCents = found.at(-1)?.thresholdCents ?? chargedCents;
    all.push(...found);
  }
  return { all, usedPico };
}

test("billing 4: whatever the path of use, the same thresholds are charged as by one jump", () => {
  fc.assert(
    fc.property(anyPlan, growth, (thresholds, pieces) => {
      const total = pieces.reduce((sum, piece) => sum + piece, 0n);
      expect(walked(thresholds, pieces).all).toEqual(walked(thresholds, [total]).all);
    }),
  );
});

test("billing 5: advances never sum to more than the fees", () => {
  fc.assert(
    fc.property(anyPlan, growth, fc.bigInt(0n, 300_00n), (thresholds, pieces, floorCents) => {
      const { all, usedPico } = walked(thresholds, pieces);
      expect(all.reduce((sum, { netCents }) => sum + netCents, 0n) * (euro / 100n)).toBeLessThanOrEqual(usedPico);
      const late = crossings(thresholds, { usedPico, chargedCents: 0n, floorCents });
      expect(late.reduce((sum, { netCents }) => sum + netCents, 0n) * (euro / 100n)).toBeLessThanOrEqual(usedPico);
      expect([...all, ...late].every(({ netCents }) => netCents > 0n)).toBe(true);
    }),
  );
});
