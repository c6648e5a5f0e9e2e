import fc from "fast-check";
import { expect, test } from "vitest";
import { differingPieces, excerptOf, lengthBars } from "./rules.ts";

test("fine-tuning 7: a line is shown around the place of a problem, in pieces that are parts of it", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600 }), fc.integer({ min: 1, max: 700 }), (text, column) => {
      const { before, at, after } = excerptOf(text, column);
      const shown = before.replace(/^…/, "") + at + after.replace(/…$/, "");
      expect(text.includes(shown) || before.startsWith("…") || after.endsWith("…")).toBe(true);
      expect(shown.length).toBeLessThanOrEqual(400);
    }),
  );
  expect(excerptOf('{"role":"bot"}', 9)).toEqual({ before: '{"role":', at: '"bot"', after: "}" });
  expect(excerptOf("short", null)).toEqual({ before: "short", at: "", after: "" });
});

test("fine-tuning 10: what goes and what comes make the line before and the line after", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const pieces = differingPieces(before, after);
      const side = (skipped: string) => pieces.flatMap(({ text, kind }) => (kind === skipped ? [] : [text])).join("");
      expect([side("added"), side("removed")]).toEqual([before, after]);
    }),
  );
});

test("fine-tuning: samples are drawn in the bars they have, none before the first and none behind the last", () => {
  const bars = lengthBars([
    { upTo: 20, samples: 2 },
    { upTo: 127, samples: 3 },
    { upTo: 9000, samples: 1 },
  ]);
  expect(bars.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "to 32: 2",
    "to 64: 0",
    "to 128: 3",
    "to 256: 0",
    "to 512: 0",
    "to 1024: 0",
    "to 2048: 0",
    "to 4096: 0",
    "over 4096: 1",
  ]);
  expect(lengthBars([])).toEqual([]);
});
