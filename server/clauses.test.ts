import { expect, test } from "vitest";
import { clausesIn, playwrightResults, titlesIn, unproven, vitestResults } from "./clauses.mjs";

const ids = ["T-5.1", "T-6-EFF", "T-7-SUB"];
const whole = { ids, awaited: [], isWhole: true };
const passed = (title: string) => ({ title, hasPassed: true });
const all = ids.map((id) => passed(`contract 1, ${id}: it is kept`));

test("contract 1: a clause is proven by one test that names it and passed, whatever else names it", () => {
  expect(unproven(all, whole)).toEqual([]);
  expect(unproven([...all, { title: "T-5.1: again", hasPassed: false }], whole)).toEqual([]);
});

test("contract 1: planted faults are found: a renamed ID, a skipped test, a failed one, a file that is gone", () => {
  const [first, ...others] = all;
  const renamed = [passed("contract 1, T-5.1X: it is kept"), ...others];
  const skipped = [{ title: first?.title ?? "", hasPassed: false }, ...others];
  expect(unproven(renamed, whole)).toEqual(["T-5.1"]);
  expect(unproven(skipped, whole)).toEqual(["T-5.1"]);
  expect(unproven(others, whole)).toEqual(["T-5.1"]);
  expect(unproven([], whole)).toEqual(ids);
});

test("contract 1: where a part alone ran, clauses of the other part are not asked for, and those of its own are", () => {
  const part = { ...whole, isWhole: false };
  expect(unproven([], part)).toEqual([]);
  expect(unproven([{ title: "T-7-SUB", hasPassed: false }], part)).toEqual(["T-7-SUB"]);
  expect(unproven([], { ...whole, awaited: ["T-7-SUB"] })).toEqual(["T-5.1", "T-6-EFF"]);
});

test("contract 1: reports of both runners are read: what is pending, to do or unexpected has not passed", () => {
  const assertionResults = ["passed", "failed", "pending", "todo", "skipped"].map((status) => ({
    fullName: `a group ${status}`,
    status,
  }));
  expect(vitestResults({ testResults: [{ assertionResults }] }).map(({ hasPassed }) => hasPassed)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  const spec = (title: string, ...statuses: string[]) => ({ title, tests: statuses.map((status) => ({ status })) });
  const suites = [
    {
      title: "ending.spec.ts",
      specs: [spec("T-5.1", "expected"), spec("T-6-EFF", "skipped"), spec("none")],
      suites: [{ title: "T-7-SUB", specs: [spec("inside", "expected", "unexpected")] }],
    },
  ];
  expect(playwrightResults({ suites })).toEqual([
    { title: " ending.spec.ts T-5.1", hasPassed: true },
    { title: " ending.spec.ts T-6-EFF", hasPassed: false },
    { title: " ending.spec.ts none", hasPassed: false },
    { title: " ending.spec.ts T-7-SUB inside", hasPassed: false },
  ]);
});

test("contract 1: titles are found in each form, and numbers of tickets are no clauses", () => {
  // Spelled so that this file itself names none of them.
  const source = [
    'TEST("contract 1, T-5.1: one", () => {});',
    "  GROUP.skip(`T-6-EFF of many`, () => {});",
    'TEST.each([1, 2])("T-7-SUB: %s", () => {});',
    'TEST.each([\n  { a: "(" },\n])("T-1-EFF: $a", () => {});',
  ]
    .join("\n")
    .replaceAll("TEST", "test")
    .replaceAll("GROUP", "describe");
  expect(titlesIn(source)).toEqual(["contract 1, T-5.1: one", "T-6-EFF of many", "T-7-SUB: %s", "T-1-EFF: $a"]);
  expect(clausesIn("ticket T-10482, T-4.2.2.2-ZDR1. (T-PRE-1) T-2026-000001, T-4.2.2.1")).toEqual([
    "T-4.2.2.2-ZDR1",
    "T-PRE-1",
    "T-4.2.2.1",
  ]);
});
