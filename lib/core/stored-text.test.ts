import fc from "fast-check";
import { expect, test } from "vitest";
import { mayBeUnstorable, unstorable } from "./stored-text.ts";

const bad = fc.constantFrom("\0", "a\0b", "\ud800", "x\udc00", "\udc00\ud800");
const good = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));

test("text that cannot be kept is found wherever it is, in keys of objects too", () => {
  fc.assert(
    fc.property(good, good, bad, (one, other, wrong) => {
      const values: [unknown, boolean][] = [
        [{ [one]: [other, { deep: other }] }, false],
        [{ [one]: [other, { deep: wrong }] }, true],
        [{ a: { [wrong]: other } }, true],
        [[[wrong]], true],
        [wrong, true],
      ];
      for (const [value, isBad] of values) {
        expect(unstorable(value) !== undefined).toBe(isBad);
        if (isBad) expect(mayBeUnstorable(JSON.stringify(value))).toBe(true);
      }
    }),
  );
  let deep: unknown = "x";
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(unstorable({ deep })).toBeDefined();
  expect(unstorable({ metadata: { list: ["a", "\0"] } })).toEqual(["metadata", "list", 1]);
});
