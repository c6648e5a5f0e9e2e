import fc from "fast-check";
import { expect, test } from "vitest";
import { isTooDeep } from "./json-depth.ts";

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test("the depth of a JSON text is that of its value, whatever its strings hold", () => {
  const hard = fc.stringMatching(/^[[\]{}"\\a]*$/);
  const value = fc.oneof(fc.jsonValue(), fc.dictionary(hard, fc.array(hard)), fc.array(fc.array(hard)));
  fc.assert(
    fc.property(value, (value) => {
      const text = JSON.stringify(value);
      const depth = depthOf(value);
      expect(isTooDeep(text, depth)).toBe(false);
      if (depth > 0) expect(isTooDeep(text, depth - 1)).toBe(true);
    }),
  );
});

test("it ends on text that is no JSON", () => {
  fc.assert(fc.property(fc.string(), (text) => typeof isTooDeep(text) === "boolean"));
  expect(isTooDeep("[".repeat(20_000))).toBe(true);
});
