import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "#lib/engine/tiny/random.ts";
import { patternOf } from "./pattern.ts";

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
      expect(patternOf(source).matches(candidate)).toBe(new RegExp(source, "u").test(candidate));
    }),
    { numRuns: 2000 },
  );
});

test("drawn texts match", () => {
  fc.assert(
    fc.property(fc.constantFrom(...sources), fc.nat(), (source, seed) => {
      expect(patternOf(source).draw(seeded(seed), 3)).toMatch(new RegExp(source, "u"));
    }),
  );
});

test("a search that another engine would never end is over at once", () => {
  expect(patternOf("^(a+)+$").matches(`${"a".repeat(200)}!`)).toBe(false);
});

test.each(["(a{1000}){1000}", "(?=a)b", "^(a)\\1$", "("])("%s is refused", (source) => {
  expect(() => patternOf(source)).toThrow(expect.objectContaining({ problem: "invalid" }));
});

test("a pattern whose texts have no end in sight is refused, not drawn for ever", () => {
  const nested = `${"(".repeat(40)}a${")+)*".repeat(20)}`;
  expect(() => patternOf(nested).draw(seeded(1), 200)).toThrow(expect.objectContaining({ problem: "invalid" }));
});

test("a short text is found where a pattern also allows long ones", () => {
  const { draw } = patternOf("^[a-z]{0,1000}$");
  const texts = Array.from({ length: 20 }, (_, attempt) => draw(seeded(attempt), attempt));
  expect(texts.some((text) => text.length <= 5)).toBe(true);
});
