import { expect, test } from "vitest";
import type { UsageDay } from "./measures.ts";
import { seriesOf, totalsOf } from "./usage-series.ts";

const row = (day: string, id: string, costPico: bigint): UsageDay => ({
  day,
  id,
  name: id.toUpperCase(),
  requests: 1,
  failed: 0,
  promptTokens: 10,
  cachedTokens: 0,
  completionTokens: 5,
  costPico,
});

const days = ["2026-03-01", "2026-03-02"];

test("the biggest five have their own series and the rest is one, and nothing is lost", () => {
  const rows = ["a", "b", "c", "d", "e", "f", "g"].map((id, index) => row("2026-03-02", id, BigInt(10 - index)));
  const series = seriesOf(rows, days, "cost");
  expect(series.map(({ name }) => name)).toEqual(["A", "B", "C", "D", "E", "Other"]);
  expect(series.at(-1)?.values).toEqual([0n, 5n + 4n]);
});

test("a day without use has a zero, and a day outside the range is not shown", () => {
  const [series] = seriesOf([row("2026-03-02", "a", 3n), row("2026-02-01", "a", 9n)], days, "cost");
  expect(series?.values).toEqual([0n, 3n]);
});

test("tokens are those of the prompt and of the answer", () => {
  const [series] = seriesOf([row("2026-03-01", "a", 3n)], days, "tokens");
  expect(series?.values).toEqual([15n, 0n]);
});

test("totals add up exactly, the dearest first", () => {
  const totals = totalsOf([row("2026-03-01", "a", 1n), row("2026-03-01", "b", 5n), row("2026-03-02", "a", 2n)]);
  expect(totals.map(({ id, costPico, requests }) => [id, costPico, requests])).toEqual([
    ["b", 5n, 1],
    ["a", 3n, 2],
  ]);
});
