import { expect, test } from "vitest";
import { freeHandle, handleOf, handlePattern, passesForProvider, skeletonOf } from "./rules.ts";

test.each([
  ["travel-planner", true],
  ["a", true],
  ["a".repeat(32), true],
  ["a".repeat(33), false],
  ["-a", false],
  ["a-", false],
  ["A", false],
  ["a b", false],
  ["é", false],
  ["", false],
])("%s may be a handle: %s", (text, isOne) => {
  expect(handlePattern.test(text)).toBe(isOne);
});

test.each([
  ["Travel planner", "travel-planner"],
  ["Müller & Söhne", "muller-sohne"],
  ["  --Ärger--  ", "arger"],
  ["旅行", null],
  [`${"long ".repeat(10)}name`, "long-long-long-long-long-long-lo"],
  [`${"a".repeat(31)} b`, "a".repeat(31)],
])("the handle of %s is %s", (name, handle) => {
  expect(handleOf(name)).toBe(handle);
});

test.each([
  ["bill", "bi11"],
  ["ada", "аda"],
  ["modern", "modem"],
  ["vvin", "win"],
  ["travel-planner", "travelplanner"],
  ["Ádám", "adam"],
])("T-4.3-RESP2: %s and %s could be mistaken for each other", (one, other) => {
  expect(skeletonOf(one)).toBe(skeletonOf(other));
});

test("names that only begin alike stay apart", () => {
  expect(skeletonOf("planner")).not.toBe(skeletonOf("planners"));
});

test.each([
  ["support", true],
  ["Sυpport", true],
  ["supp0rt", true],
  ["s-u-p-p-o-r-t", true],
  ["admin", true],
  ["Acme", true],
  ["Acme bot", true],
  ["the acme helper", true],
  ["acme-team", true],
  ["Supporter", false],
  ["Ticket support", false],
  ["Macme", false],
  ["planner", false],
])("T-4.3-RESP2: %s passes for a provider called Acme: %s", (name, passes) => {
  expect(passesForProvider(name, "Acme")).toBe(passes);
});

test("a provider without a name reserves nothing more", () => {
  expect(passesForProvider("planner", "")).toBe(false);
});

test("a taken handle gets a number, and stays short enough", () => {
  const taken = new Set(["planner", "planner-2"].map(skeletonOf));
  expect(freeHandle("planner", taken)).toBe("planner-3");
  const long = "a".repeat(32);
  expect(freeHandle(long, new Set([skeletonOf(long)]))).toBe(`${"a".repeat(30)}-2`);
});
