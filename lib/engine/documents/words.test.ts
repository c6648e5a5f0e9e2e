import { expect, test } from "vitest";
import { tokenLine } from "#lib/testing/invoices.ts";
import { countryWords, ibanWords, periodWords, quantityWords, rateWords, unitWords } from "./words.ts";

test.each([
  ["2026-11-01", "2026-11-30", "1 – 30 November 2026"],
  ["2026-11-14", "2026-11-14", "14 November 2026"],
  ["2026-10-28", "2026-11-03", "28 Oct – 3 November 2026"],
  ["2026-12-30", "2027-01-02", "30 December 2026 – 2 January 2027"],
])("from %s to %s is %s", (from, to, words) => {
  expect(periodWords(from, to)).toBe(words);
});

test.each([
  ["0.000001", "0.000001"],
  ["1234567.1234567", "1,234,567.1234567"],
  ["-1000", "-1,000"],
  ["999", "999"],
])("the quantity %s is written %s", (quantity, words) => {
  expect(quantityWords(quantity)).toBe(words);
});

test.each([
  [2000, "20 %"],
  [550, "5.5 %"],
  [2550, "25.5 %"],
  [0, "0 %"],
])("%s hundredths are %s", (hundredths, words) => {
  expect(rateWords(hundredths)).toBe(words);
});

test("one month is no months", () => {
  expect(unitWords(tokenLine(1, 1n, { unit: "month", quantity: "1" })).quantity).toBe("month");
  expect(unitWords(tokenLine(1, 1n, { unit: "month", quantity: "2" })).quantity).toBe("months");
});

test("an IBAN is in groups of four, and a country that has no name keeps its code", () => {
  expect(ibanWords("FR7630006000011234567890189")).toBe("FR76 3000 6000 0112 3456 7890 189");
  expect([countryWords("FR"), countryWords("ZZZZ"), countryWords("")]).toEqual(["France", "ZZZZ", ""]);
});
