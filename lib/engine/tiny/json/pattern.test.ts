import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "#lib/engine/tiny/random.ts";
import { drawPattern, matchesPattern } from "./pattern.ts";
import { parsePattern } from "./pattern-parse.ts";

const sources = [
  "^a+b?$",
  "^[a-c]{2,3}$",
  "x|y",
  "^(?:ab|a)c*$",
  "^\\d\\w\\s$",
  "^[^ab]$",
  "a.c",
  "^$",
  "^(a|b)(?:c|d){0,2}$",
  "\\.",
  "[\\d-]",
];
const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "d", "x", ".", "1", " ", "-"), maxLength: 6 });

test("texts match as they do for the language's own expressions", () => {
  fc.assert(
    fc.property(fc.constantFrom(...sources), text, (source, candidate) => {
      expect(matchesPattern(parsePattern(source), candidate)).toBe(new RegExp(source, "u").test(candidate));
    }),
    { numRuns: 2000 },
  );
});

test("drawn texts match", () => {
  fc.assert(
    fc.property(fc.constantFrom(...sources), fc.nat(), (source, seed) => {
      expect(drawPattern(parsePattern(source), seeded(seed), 3)).toMatch(new RegExp(source, "u"));
    }),
  );
});

test("a search without an end is given up", () => {
  expect(matchesPattern(parsePattern("^(a+)+$"), `${"a".repeat(200)}!`)).toBe(false);
});
