import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf, decimalString, formatEuros, micros } from "./money.ts";

const price = { inputMicros: micros(88_000n), cachedInputMicros: micros(8800n), outputMicros: micros(300_000n) };

test("three tokens of a cheap model cost something, exactly", () => {
  expect(costOf({ promptTokens: 3, cachedTokens: 0, completionTokens: 0 }, price)).toBe(264_000n);
  expect(costOf({ promptTokens: 10, cachedTokens: 4, completionTokens: 5 }, price)).toBe(
    6n * 88_000n + 4n * 8800n + 5n * 300_000n,
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
