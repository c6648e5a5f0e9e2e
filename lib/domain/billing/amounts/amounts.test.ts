import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cents, pico } from "#lib/core/money.ts";
import { roundedSum, splitCents, taxesOf } from "./rules.ts";

const picoPerCent = 10_000_000_000n;
const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** Small and large, taken off too, with ties and whole cents among them. */
const exact = fc.array(
  fc
    .oneof(
      fc.bigInt({ min: -(10n ** 13n), max: 10n ** 18n }),
      fc.bigInt({ min: -50n, max: 50n }).map((halves) => halves * (picoPerCent / 2n)),
    )
    .map(pico),
  { maxLength: 60 },
);

describe("billing 2: cents by the largest remainder", () => {
  test("add up to the total, and no line is a whole cent away from its exact amount", () => {
    fc.assert(
      fc.property(exact, (amounts) => {
        const total = roundedSum(amounts);
        const split = splitCents(amounts, total);
        expect(sumOf(split)).toBe(total);
        amounts.forEach((amount, index) => {
          expect(magnitude((split[index] ?? 0n) * picoPerCent - amount) < picoPerCent).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  test("a line that loses more is never rounded down where one that loses less is rounded up", () => {
    fc.assert(
      fc.property(exact, (amounts) => {
        const split = splitCents(amounts, roundedSum(amounts));
        const rises = amounts.map((amount, index) => (split[index] ?? 0n) * picoPerCent - amount);
        const lost = amounts.map((amount) => ((amount % picoPerCent) + picoPerCent) % picoPerCent);
        const raised = lost.filter((_, index) => (rises[index] ?? 0n) > 0n);
        const kept = lost.filter((_, index) => (rises[index] ?? 0n) <= 0n);
        for (const one of kept) expect(raised.every((other) => other >= one)).toBe(true);
      }),
    );
  });

  test.each([
    [[], 0n, []],
    [[5_000_000_000n], 1n, [1n]],
    [[-5_000_000_000n], -1n, [-1n]],
    [[3_333_333_333n, 3_333_333_333n, 3_333_333_334n], 1n, [0n, 0n, 1n]],
    [[5_000_000_000n, 5_000_000_000n], 1n, [1n, 0n]],
    [[10_000_000_000n, 4_999_999_999n], 1n, [1n, 0n]],
  ])("case %#: cents go where most was lost, and to the first of those that lose alike", (amounts, total, expected) => {
    expect(roundedSum(amounts.map(pico))).toBe(total);
    expect(splitCents(amounts.map(pico), cents(total))).toEqual(expected);
  });

  test("a total that the lines do not come to is refused", () => {
    expect(() => splitCents([pico(10_000_000_000n)], cents(2n))).toThrow("is not what these lines come to");
    expect(() => splitCents([pico(10_000_000_000n)], cents(0n))).toThrow("is not what these lines come to");
  });
});

const line = fc.record({
  amount: fc.bigInt({ min: -100_000n, max: 10_000_000n }).map(cents),
  vatCategory: fc.constantFrom("S" as const, "E" as const),
  vatRate: fc.constantFrom(0, 550, 1000, 1900, 2000, 2550),
});

describe("billing 3: VAT of a category and rate", () => {
  test("is taken once on the sum of its lines, half a cent going away from zero, in whatever order they stand", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const taxes = taxesOf(lines);
        expect(sumOf(taxes.map(({ base }) => base))).toBe(sumOf(lines.map(({ amount }) => amount)));
        expect(new Set(taxes.map(({ category, rate }) => `${category} ${rate}`)).size).toBe(taxes.length);
        for (const { base, rate, tax } of taxes) {
          const twice = 2n * (tax * 10_000n - base * BigInt(rate));
          expect(magnitude(twice) <= 10_000n).toBe(true);
          if (magnitude(twice) === 10_000n)
            expect(magnitude(tax) * 10_000n > magnitude(base * BigInt(rate))).toBe(true);
        }
        const sorted = (of: typeof taxes) =>
          of.toSorted((a, b) => `${a.category}${a.rate}`.localeCompare(`${b.category}${b.rate}`));
        expect(sorted(taxesOf(lines.toReversed()))).toEqual(sorted(taxes));
      }),
    );
  });

  test("differs from the sum of each line's own tax where cents are lost line by line", () => {
    const lines = Array.from({ length: 100 }, () => ({ amount: cents(2n), vatCategory: "S" as const, vatRate: 2000 }));
    expect(taxesOf(lines)).toEqual([{ category: "S", rate: 2000, base: 200n, tax: 40n }]);
  });
});
