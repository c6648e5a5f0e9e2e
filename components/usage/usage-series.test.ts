import { expect, test } from "vitest";
import type { UsagePoint } from "#lib/domain/usage/explorer/view.ts";
import { axisOf, bucketWords } from "./bucket-words.ts";
import { changeWords, comparisonWords, formatAmount, formatterOf } from "./measures.ts";
import { seriesOf } from "./usage-series.ts";

const point = (bucket: string, id: string | null, costPico: bigint): UsagePoint => ({
  bucket,
  id,
  requests: 1,
  failed: 0,
  promptTokens: 10,
  cachedTokens: 0,
  completionTokens: 5,
  costPico,
});

const days = ["2026-03-01", "2026-03-02"];
const upper = (id: string) => id.toUpperCase();

test("the biggest five have their own series and the rest is one, and nothing is lost", () => {
  const points = ["a", "b", "c", "d", "e", "f", "g"].map((id, index) => point("2026-03-02", id, BigInt(10 - index)));
  const series = seriesOf(points, days, "cost", upper);
  expect(series.map(({ name }) => name)).toEqual(["A", "B", "C", "D", "E", "Other"]);
  expect(series.at(-1)?.values).toEqual([0n, 5n + 4n]);
});

test("what the database has put together already is part of the rest", () => {
  const series = seriesOf([point("2026-03-02", null, 7n), point("2026-03-01", "a", 1n)], days, "cost", upper);
  expect(series.map(({ name, values }) => [name, values])).toEqual([
    ["A", [1n, 0n]],
    ["Other", [0n, 7n]],
  ]);
});

test("a day without use has a zero, and a day outside the range is not shown", () => {
  const [series] = seriesOf([point("2026-03-02", "a", 3n), point("2026-02-01", "a", 9n)], days, "cost");
  expect(series?.values).toEqual([0n, 3n]);
});

test("tokens are those of the prompt and of the answer", () => {
  const [series] = seriesOf([point("2026-03-01", "a", 3n)], days, "tokens");
  expect(series?.values).toEqual([15n, 0n]);
});

test.each([
  [112n, 100n, "+12 %"],
  [97n, 100n, "−3 %"],
  [1005n, 1000n, "+0.5 %"],
  [100n, 100n, "±0 %"],
  [5n, 0n, "new"],
  [0n, 0n, ""],
  [0n, 7n, "−100 %"],
])("from %s after %s the change is %s", (now, before, words) => {
  expect(changeWords(now, before)).toBe(words);
});

test.each([
  [150n, 100n, 30, "50 % more than 100 in the 30 days before"],
  [50n, 100n, 1, "50 % less than 100 in the day before"],
  [100n, 100n, 7, "As much as in the 7 days before: 100"],
  [100n, 0n, 7, "Nothing in the 7 days before"],
])("%s against %s is told in words", (now, before, length, words) => {
  expect(comparisonWords(now, before, String, length)).toBe(words);
});

test("an axis of days names days, one of a day's hours the time, one of many hours days", () => {
  const hours = (count: number) =>
    Array.from({ length: count }, (_, i) => `2026-03-01T${String(i % 24).padStart(2, "0")}`);
  expect(axisOf(days)).toEqual({ labels: ["1 Mar", "2 Mar"], labelStep: 1 });
  expect(axisOf(hours(24))).toMatchObject({ labelStep: 4 });
  expect(axisOf(hours(24)).labels[4]).toBe("04:00");
  expect(axisOf(hours(24 * 7))).toMatchObject({ labelStep: 48 });
  expect(axisOf(hours(24 * 7)).labels[0]).toBe("1 Mar");
  expect(bucketWords("2026-03-01T05")).toBe("1 Mar 2026, 05:00");
});

test("cost reads as a total wherever it stands alone, and along an axis with the decimals its marks need", () => {
  expect([0n, 17_000_000n, 1_234_567_890_000n].map((cost) => formatAmount("cost", cost))).toEqual([
    "€0.00",
    "< €0.01",
    "€1.23",
  ]);
  const marks = [2_000_000_000n, 1_000_000_000n, 0n];
  expect(marks.map(formatterOf("cost", marks))).toEqual(["€0.0020", "€0.0010", "€0.0000"]);
  expect([2000n, 0n].map(formatterOf("tokens", [2000n, 0n]))).toEqual(["2,000", "0"]);
});
