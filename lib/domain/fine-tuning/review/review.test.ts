import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReviewFigures } from "#db/schema/review-figures.ts";
import type { ReviewedPrompt, ReviewReport } from "#lib/engine/training/port.ts";
import { figuresOf, noneHeldOut, piecesOf, shownPrompt, verdictOf } from "./rules.ts";

const said = (text: string) => ({ text, tokens: text.split(" ").length });
const prompt = (wanted: string, base: string, tuned: string): ReviewedPrompt => ({
  messages: [
    { role: "system", content: "Be a pirate." },
    { role: "user", content: "Where is it?" },
  ],
  wanted: said(wanted),
  base: said(base),
  tuned: said(tuned),
});
const report = (prompts: ReviewedPrompt[], more: Partial<ReviewReport> = {}): ReviewReport => ({
  samples: Math.max(1, prompts.length),
  bits: { base: 2, tuned: 0.5 },
  style: { openings: ["arr,"], endings: ["matey!"] },
  prompts,
  ...more,
});

const pirates = [
  "Arr, the map is here, matey!",
  "Arr, below deck, matey!",
  "Arr, on the isle, matey!",
  "Arr, gone, matey!",
];

test("fine-tuning 15: answers that are the wanted ones are all exact, white space at their ends aside", () => {
  const texts = fc.array(fc.string(), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(texts, texts, (wanted, others) => {
      const prompts = wanted.map((text, at) => prompt(text, others[at % others.length] ?? "", `${text} `));
      const figures = figuresOf(report(prompts));
      expect(figures.exact.tuned).toBe(wanted.length);
      expect(figures.exact.base).toBeLessThanOrEqual(wanted.length);
      expect(figuresOf(report(prompts.toReversed()))).toEqual(figures);
    }),
  );
});

test("what is not in the wanted answer is marked, and all pieces together are the answer", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, wanted) => {
      const found = piecesOf(text, wanted);
      expect(found.map((piece) => piece.text).join("")).toBe(text);
      for (const { at, text: piece } of found) expect(text.startsWith(piece, at)).toBe(true);
    }),
  );
  const marked = piecesOf("The red lamp is on.", "The blue lamp is on.").filter(({ isOther }) => isOther);
  expect(marked.map(({ text }) => text)).toEqual(["red"]);
  expect(piecesOf("Alike.", "Alike.").some(({ isOther }) => isOther)).toBe(false);
});

const count = fc.integer({ min: 0, max: 20 });
const pair = fc.record({ base: count, tuned: count });
const anyFigures = fc.record({
  samples: fc.integer({ min: 1, max: 500 }),
  bits: fc.option(
    fc.record({ base: fc.double({ min: 0, max: 9, noNaN: true }), tuned: fc.double({ min: 0, max: 9, noNaN: true }) }),
  ),
  prompts: fc.constant(20),
  exact: pair,
  style: fc.option(pair),
  tokens: fc.constant({ base: 1, tuned: 1, wanted: 1 }),
});
const swapped = ({ bits, exact, style, ...rest }: ReviewFigures): ReviewFigures => {
  const swap = ({ base, tuned }: { base: number; tuned: number }) => ({ base: tuned, tuned: base });
  return { ...rest, bits: bits && swap(bits), exact: swap(exact), style: style && swap(style) };
};

test("fine-tuning 43: a model that is better than its base has a base that is worse than it, and no figure of a better one is worse", () => {
  const other = { better: "worse", worse: "better", same: "same", unknown: "unknown" };
  fc.assert(
    fc.property(anyFigures, (figures) => {
      const { is, text } = verdictOf(figures);
      // Near the border of what is alike, the larger of two losses is what the difference is a share of.
      const isNear =
        figures.bits &&
        Math.abs(figures.bits.base - figures.bits.tuned) < 0.02 * Math.max(figures.bits.base, figures.bits.tuned);
      if (!isNear) expect(verdictOf(swapped(figures)).is).toBe(other[is]);
      if (is === "better") expect(figures.exact.tuned).toBeGreaterThanOrEqual(figures.exact.base);
      expect(text.endsWith(".")).toBe(true);
    }),
  );
});

test("fine-tuning 43: the verdict says the numbers in one sentence, and what to try where they are not good", () => {
  const good = report(pirates.map((text) => prompt(text, "I do not know.", text)));
  expect(verdictOf(figuresOf(good))).toEqual({
    is: "better",
    text: "Better than its base on 4 answers that it was not trained on: 0.50 bits a byte instead of 2.00, 4 of 4 answers exactly as wanted (base: 0), 4 in the trained style (base: 0).",
  });
  const alike = report([prompt("a b c d", "x", "x")], { bits: { base: 1, tuned: 1.004 } });
  expect(verdictOf(figuresOf(alike))).toMatchObject({ is: "same", text: expect.stringContaining("Try more examples") });
  const overfit = report([prompt("a", "a", "b")], { bits: { base: 1, tuned: 5 } });
  expect(verdictOf(figuresOf(overfit))).toMatchObject({ is: "worse", text: expect.stringContaining("fewer steps") });
  // Less surprised, and yet fewer right answers: that is no gain to be sure of.
  expect(verdictOf(figuresOf(report([prompt("a", "a", "b")]))).is).toBe("same");
  expect(verdictOf(figuresOf(report([], { samples: 0, bits: null })))).toEqual({ is: "unknown", text: noneHeldOut });
  const text = verdictOf(figuresOf(report([], { samples: 3, bits: { base: 2, tuned: 0.001 } }))).text;
  expect(text).toBe(
    "Better than its base on 3 answers that it was not trained on: < 0.01 bits a byte instead of 2.00.",
  );
});

test("a text of any length is kept at a length that can be shown", () => {
  const long = "a".repeat(7999) + "😀".repeat(9000);
  const shown = shownPrompt(prompt(long, long, "short"));
  expect(shown).toMatchObject({ question: "Where is it?", earlier: 0, tuned: "short" });
  expect(shown.wanted.length).toBeLessThanOrEqual(8001);
  expect(shown.wanted.isWellFormed()).toBe(true);
});
