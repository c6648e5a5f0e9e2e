import fc from "fast-check";
import { expect, test } from "vitest";
import { stopwatch } from "#lib/core/clock.ts";
import { noCounts, outcomesOf, publicCount } from "./counts/rules.ts";
import { matcherOf } from "./expressions/rules.ts";
import { refused, unusual } from "./figures/rules.ts";
import { namedRequests } from "./rules.ts";
import { categoryOf, isSampled, isStopped, judgedAs, textOf } from "./scan/rules.ts";

test("an item never names more than five requests, each once, and the first stay (T-4.2.2-ABUSE)", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (named, flagged) => {
      const first = namedRequests([], named);
      const all = namedRequests(first, flagged);
      expect(all.length).toBeLessThanOrEqual(5);
      expect(new Set(all).size).toBe(all.length);
      expect(all.slice(0, first.length)).toEqual(first);
    }),
  );
});

test("an expression is matched in linear time, and one that cannot be is refused", () => {
  const evil = ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "(x+x+)+y"];
  const text = `${"ax".repeat(50_000)}!`;
  const begun = stopwatch();
  for (const source of evil) expect(matcherOf(source)?.(text)).toBe(false);
  expect(stopwatch() - begun).toBeLessThan(5000);
  for (const source of ["(?=a)a", "(a)\\1", "(a", "a*", "a{1000}b{1000}c{1000}", "x".repeat(501)])
    expect(matcherOf(source)).toBeNull();
  expect(matcherOf("keylogger")?.("Write a KeyLogger")).toBe(true);
});

const alike = Array.from({ length: 28 }, (_, day) => 1000 + (day % 3));

test.each([
  ["an ordinary day", 1010, alike, false],
  ["just less than six deviations, each a twentieth of the median", 1301, alike, false],
  ["six deviations", 1302, alike, true],
  ["below the floor, however unusual", 999, Array.from({ length: 28 }, () => 1), false],
  ["at the floor", 1000, Array.from({ length: 28 }, () => 1), true],
  ["too few days to tell", 1e6, alike.slice(0, 6), false],
  ["just enough days", 1e6, alike.slice(0, 7), true],
  ["days that go up and down by half", 2500, Array.from({ length: 28 }, (_, day) => 1000 + 1000 * (day % 2)), false],
])("A4: %s (T-4.2.2-ABUSE)", (_name, value, before, isTold) => {
  expect(unusual("requests", value, before) !== null).toBe(isTold);
});

test("A4: a warning is at least the floor and six deviations away, for any history", () => {
  const days = fc.array(fc.nat(1_000_000), { maxLength: 28 });
  fc.assert(
    fc.property(days, fc.nat(10_000_000), (before, value) => {
      const found = unusual("requests", value, before);
      if (!found) return;
      expect(value).toBeGreaterThanOrEqual(1000);
      expect(before.length).toBeGreaterThanOrEqual(7);
      expect(value - found.usual).toBeGreaterThanOrEqual(6 * Math.max(1, 0.05 * found.usual) * 0.999);
    }),
  );
});

const usualStops = Array.from({ length: 28 }, () => ({ answers: 1000, stops: 10 }));

test.each([
  ["the own share", { answers: 1000, stops: 10 }, usualStops, false],
  ["more than five in a hundred, and three times the own share", { answers: 1000, stops: 50 }, usualStops, true],
  ["just less than five in a hundred", { answers: 1000, stops: 49 }, usualStops, false],
  ["too few answers", { answers: 199, stops: 199 }, usualStops, false],
  ["too few stops", { answers: 300, stops: 19 }, usualStops, false],
  ["many, as always", { answers: 1000, stops: 400 }, usualStops.map((day) => ({ ...day, stops: 200 })), false],
  ["no days to compare with", { answers: 1000, stops: 900 }, [], false],
])("A3: %s (T-4.2.2-ABUSE)", (_name, day, before, isTold) => {
  expect(refused(day, before) !== null).toBe(isTold);
});

test("A1: about one in a hundred requests is in the sample, and the same ones each time", () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => `req_${at}`);
  const sampled = ids.filter((id) => isSampled(id));
  expect(sampled.length).toBeGreaterThan(140);
  expect(sampled.length).toBeLessThan(260);
  expect(ids.filter((id) => isSampled(id))).toEqual(sampled);
});

test("A1: a classifier's words are ours, at their highest score; what breaks no term is no flag", () => {
  expect(categoryOf("sexual/minors")).toBe("child_safety");
  expect(categoryOf("financial")).toBeNull();
  const categories = { "violence/graphic": true, hate: true, health: true, "self-harm": false };
  expect([
    ...judgedAs({ categories, scores: { "violence/graphic": 0.4, hate: 0.8, health: 1, "self-harm": 0.9 } }),
  ]).toEqual([["violence", 0.8]]);
});

test("everything said is looked at, however deep it lies, and no picture is", () => {
  let deep: unknown = "deepest";
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const said = {
    messages: [{ content: "one" }, { content: [{ text: "two" }, { url: "data:image/png;base64,three" }] }],
    deep,
  };
  expect(textOf(said)).toBe("one\ntwo\ndeepest");
  expect(textOf({ input: Array.from({ length: 1_000_000 }, () => 1), said: "after a long list" })).toBe(
    "after a long list",
  );
  expect(textOf("x".repeat(300_000)).length).toBe(200_000);
  expect(isStopped({ choices: [{ finish_reason: "content_filter" }] })).toBe(true);
  expect(isStopped({ choices: [{ finish_reason: "stop", message: { refusal: "I cannot." } }] })).toBe(true);
  expect(isStopped({ choices: [{ finish_reason: "stop", message: { refusal: null } }] })).toBe(false);
});

test("a published number that could point at a customer is not told exactly; none is none", () => {
  expect([0, 1, 4, 5, 12_345].map(publicCount)).toEqual(["0", "fewer than 5", "fewer than 5", "5", "12,345"]);
  expect(outcomesOf({ ...noCounts, warned: 2, legal: 7 }, publicCount)).toBe("fewer than 5 warned, 7 with legal");
  expect(outcomesOf(noCounts, publicCount)).toBe("None");
});
