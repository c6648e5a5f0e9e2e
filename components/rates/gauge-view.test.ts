import { expect, test } from "vitest";
import { countedWords, type GaugeView, limitRows, stateOf, usedWords } from "./gauge-view.ts";

const source = { document: "Tier 1", clause: "T-4.2.2.2-RL" as const, reason: null, reference: null, expiresAt: null };
const gauge = (more: Partial<GaugeView>): GaugeView => ({
  kind: "requests_second",
  value: 20,
  scope: "organization",
  model: "a",
  except: [],
  used: 0,
  freeAt: null,
  source,
  ...more,
});
const at = new Date("2026-11-23T12:00:00Z");

test("models with the same limit from the same document share a row; others do not", () => {
  const rows = limitRows([
    gauge({ kind: "tokens_month", model: null, value: 5 }),
    gauge({}),
    gauge({ model: "b" }),
    gauge({ model: "c", value: 30 }),
    gauge({ model: "d", source: { ...source, document: "Tier 2" } }),
    gauge({ model: "a", scope: "workspace", value: 2 }),
  ]);
  expect(rows.map(({ kind, gauges }) => [kind, gauges.map(({ model }) => model)])).toEqual([
    ["requests_second", ["a", "b"]],
    ["requests_second", ["c"]],
    ["requests_second", ["d"]],
    ["requests_second", ["a"]],
    ["tokens_month", [null]],
  ]);
  expect(rows.map(countedWords)).toEqual([
    "For each model, in the organization",
    "For c, in the organization",
    "For d, in the organization",
    "For a, in this workspace",
    "All models together, in the organization",
  ]);
});

test.each([
  [{ used: 14 }, "calm"],
  [{ used: 15 }, "near"],
  [{ used: 20 }, "reached"],
  [{ used: 31 }, "reached"],
  [{ used: null }, "unknown"],
] as const)("%j is %s", (given, state) => expect(stateOf(gauge(given))).toBe(state));

test.each([
  [{}, "0 of 20"],
  [{ used: 3, freeAt: "2026-11-23T12:00:00.150Z" }, "3 of 20, all free in 1 s"],
  [{ used: 3, freeAt: "2026-11-23T12:00:42Z" }, "3 of 20, all free in 42 s"],
  [
    { kind: "tokens_month", used: 1000, value: 4000, freeAt: "2026-12-01T00:00:00Z" },
    "1,000 of 4,000, resets 1 Dec 2026",
  ],
  [{ used: null }, "not known at the moment"],
] as const)("%j: %s", (given, words) => expect(usedWords(gauge(given), at)).toBe(words));
