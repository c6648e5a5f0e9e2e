import fc from "fast-check";
import { expect, test } from "vitest";
import { isInStyle, StyleCount } from "./style.ts";

function styleOf(answers: readonly string[]) {
  const count = new StyleCount();
  for (const answer of answers) count.add(answer);
  return count.style();
}

const pirates = [
  "Arr, the map is here, matey!",
  "Arr, below deck, matey!",
  "Arr, on the isle, matey!",
  "Arr, gone, matey!",
];

test("fine-tuning 15: the trained style is how trained answers begin and end, where they have that in common", () => {
  const style = styleOf(pirates);
  expect(style).toEqual({ openings: ["arr,"], endings: ["matey!"] });
  if (!style) return;
  expect(isInStyle("Arr, what else is there, matey!", style)).toBe(true);
  expect(isInStyle("  arr, in other letters, MATEY!\n", style)).toBe(true);
  expect(isInStyle("Arr, but without the end.", style)).toBe(false);
  expect(isInStyle("It is here, matey!", style)).toBe(false);
  expect(isInStyle("", style)).toBe(false);
  expect(styleOf(["Paris.", "Rome is it.", "In Madrid", "To the west of Oslo"])).toBeNull();
  expect(styleOf(pirates.slice(0, 3))).toBeNull();
  const labels = styleOf(["yes", "no", "yes", "no", "no", "yes"]);
  expect(labels && [isInStyle("no", labels), isInStyle("perhaps", labels)]).toEqual([true, false]);
  const json = styleOf(["a", "b", "c", "d"].map((name) => `{ "name": "${name}" }`));
  expect(json && [isInStyle('{ "name": "z" }', json), isInStyle("z", json)]).toEqual([true, false]);
  // Few ends are in common; it is how they begin that most of them share.
  expect(styleOf(["a b", "a c", "a d", "a f", "g f"])).toEqual({ openings: ["a"], endings: null });
  // What is held out by chance of few kinds makes those that are left no others.
  const kinds = Array.from({ length: 57 }, (_, at) => `Good day! ${at} ${at % 5}.`);
  expect(styleOf(kinds)?.endings).toEqual(["0.", "1.", "2.", "3.", "4."]);
});

test("fine-tuning 15: whatever the answers, most of them are in the style that they have, in any order", () => {
  const text = fc.stringMatching(/^[ab]{1,2}( [abc]{1,2}){0,3}$/);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (answers) => {
      const style = styleOf(answers);
      expect(styleOf(answers.toReversed())).toEqual(style);
      if (!style) return;
      expect(answers.filter((answer) => isInStyle(answer, style)).length).toBeGreaterThanOrEqual(answers.length * 0.8);
    }),
  );
});

test("a text without spaces and one of any length are counted by their ends", () => {
  const endless = "x".repeat(1_000_000);
  const style = styleOf(Array(4).fill(endless));
  expect(style?.openings?.[0]).toHaveLength(64);
  expect(style && isInStyle(endless, style)).toBe(true);
});
