import fc from "fast-check";
import { expect, test } from "vitest";
import {
  centsString,
  columnOf,
  costOf,
  decimalString,
  exactEuros,
  formatCents,
  formatEuros,
  formatPrice,
  formatSum,
  isWholeCents,
  micros,
  parseEuros,
} from "./money.ts";

const price = { inputMicros: micros(88_000n), cachedInputMicros: micros(8800n), outputMicros: micros(300_000n) };

test("three tokens of a cheap model cost something, exactly", () => {
  expect(costOf({ promptTokens: 3, cachedTokens: 0, completionTokens: 0 }, price)).toBe(264_000n);
  expect(costOf({ promptTokens: 10, cachedTokens: 4, completionTokens: 5 }, price)).toBe(
    6n * 88_000n + 4n * 8800n + 5n * 300_000n,
  );
});

/** A fraction of two whole numbers, which rounds nothing. */
type Rational = { over: bigint; under: bigint };
const plus = (a: Rational, b: Rational): Rational => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
});
/** So many tokens at a price of micro-euros for a million of them, in euros. */
const fee = (tokens: number, price: bigint): Rational => ({
  over: BigInt(tokens) * price,
  under: 1_000_000n * 1_000_000n,
});

test("billing 1: what requests cost together is what fractions that round nothing say, to the last pico-euro", () => {
  const count = fc.nat({ max: 2_000_000_000 });
  // Up to ten thousand euros a million tokens, with every digit a price can have.
  const unit = fc.bigInt({ min: 0n, max: 10_000_000_000n }).map(micros);
  const request = fc.record({
    tokens: fc.record({ freshTokens: count, cachedTokens: count, completionTokens: count }),
    price: fc.record({ inputMicros: unit, cachedInputMicros: unit, outputMicros: unit }),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
      let billed = 0n;
      let exact: Rational = { over: 0n, under: 1n };
      for (const { tokens, price } of requests) {
        const { freshTokens, cachedTokens, completionTokens } = tokens;
        billed += costOf({ promptTokens: freshTokens + cachedTokens, cachedTokens, completionTokens }, price);
        for (const one of [
          fee(freshTokens, price.inputMicros),
          fee(cachedTokens, price.cachedInputMicros),
          fee(completionTokens, price.outputMicros),
        ])
          exact = plus(exact, one);
      }
      expect(billed * exact.under).toBe(exact.over * 1_000_000_000_000n);
    }),
    { numRuns: 300 },
  );
});

test("a decimal string is the amount, to the last pico-euro", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (amount) => {
      const [whole = "", fraction = ""] = decimalString(amount).replace("-", "").split(".");
      const back = BigInt(whole) * 10n ** 12n + BigInt(fraction.padEnd(12, "0"));
      expect(amount < 0n ? -back : back).toBe(amount);
    }),
  );
});

test.each([
  [0n, "€0.00"],
  [1_234_567_890_000_000n, "€1,234.57"],
  [10_000_000_000n, "€0.01"],
  [5_400_000n, "€0.0000054"],
  [1n, "€0.000000000001"],
])("%s pico-euros are shown as %s", (amount, shown) => {
  expect(formatEuros(amount)).toBe(shown);
});

test.each([
  [0n, "€0.00"],
  [1n, "< €0.01"],
  [9_999_999_999n, "< €0.01"],
  [10_000_000_000n, "€0.01"],
  [1_234_567_890_000_000n, "€1,234.57"],
  [-17_000_000n, "€0.00"],
])("a total of %s pico-euros reads %s: never a negative zero, never digits below a cent", (amount, shown) => {
  expect(formatSum(amount)).toBe(shown);
});

test("the exact amount stands beside a total only where rounding took something away", () => {
  expect(exactEuros(1_234_560_000_017n)).toBe("€1.234560000017");
  expect(exactEuros(1_500_000_000_000n)).toBe("€1.50");
  expect([0n, 10_000_000_000n, 1_230_000_000_000n].map(isWholeCents)).toEqual([true, true, true]);
  expect([1n, 1_234_000_000_000n].map(isWholeCents)).toEqual([false, false]);
});

test("a column has as many decimals as its smallest amount needs", () => {
  const format = columnOf([0n, 5_400_000_000n, 1_500_000_000_000n]);
  expect([0n, 5_400_000_000n, 1_500_000_000_000n].map(format)).toEqual(["€0.0000", "€0.0054", "€1.5000"]);
  expect(columnOf([])(1_000_000_000_000n)).toBe("€1.00");
});

test.each([
  ["an amount", formatEuros(-12_340_000_000_000n), "−€12.34"],
  ["a small amount", formatEuros(-5_400_000n), "−€0.0000054"],
  ["a total", formatSum(-1_234_567_890_000_000n), "−€1,234.57"],
  ["a column", columnOf([-5_400_000_000n, 1_500_000_000_000n])(-5_400_000_000n), "−€0.0054"],
  ["a document", formatCents(-123_456n), "−€1,234.56"],
  ["a price", formatPrice(micros(-15_000n)), "−€0.015"],
  ["all digits", exactEuros(-1_234_560_000_017n), "−€1.234560000017"],
])("below zero, %s reads %s: with a minus, not a hyphen", (_what, shown, expected) => {
  expect(shown).toBe(expected);
});

test("people read a minus before exactly the amounts below zero, and programs a hyphen", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (amount) => {
      for (const shown of [formatEuros(amount), formatSum(amount), formatCents(amount), exactEuros(amount)]) {
        expect(shown).toMatch(/^(< )?\u2212?€[\d,]+\.\d{2,}$/);
        if (amount >= 0n) expect(shown).not.toContain("\u2212");
      }
      expect(formatCents(amount).startsWith("\u2212")).toBe(amount < 0n);
      expect(exactEuros(amount).startsWith("\u2212")).toBe(amount < 0n);
      for (const written of [decimalString(amount), centsString(amount)]) expect(written).toMatch(/^-?\d+(\.\d+)?$/);
    }),
  );
});

test.each([
  [15_000n, "€0.015"],
  [130_000n, "€0.13"],
  [1_000_000n, "€1.00"],
  [1n, "€0.000001"],
  [1_234_567_000n, "€1,234.567"],
])("a price of %s micro-euros reads %s, with all its digits", (price, shown) => {
  expect(formatPrice(micros(price))).toBe(shown);
});

test.each([
  ["150", "150"],
  ["150,50", "150.5"],
  ["150.50", "150.5"],
  ["1 000.25", "1000.25"],
  ["1\u202f000,25", "1000.25"],
  ["1,000.00", "1000"],
  ["1.000,00", "1000"],
  ["1,000,000", "1000000"],
  ["1.000.000,5", "1000000.5"],
  ["€150", "150"],
  ["150 €", "150"],
  ["0", "0"],
  ["0,001", "0.001"],
  ["0.000001", "0.000001"],
  ["1500.125", "1500.125"],
  ["12.3450", "12.345"],
])("someone who types %s means %s euros", (typed, euros) => {
  const read = parseEuros(typed);
  expect(typeof read === "bigint" ? decimalString(read) : read).toBe(euros);
});

test.each([
  ["1,000", "ambiguous"],
  ["12.345", "ambiguous"],
  ["0.0000001", "too_precise"],
  ["", "unreadable"],
  ["-1", "unreadable"],
  ["1e3", "unreadable"],
  ["1,00.000", "unreadable"],
  ["10 00", "unreadable"],
  ["many", "unreadable"],
  [".5", "unreadable"],
  ["٣", "unreadable"],
])("%s is not guessed at: %s", (typed, why) => {
  expect(parseEuros(typed)).toBe(why);
});
