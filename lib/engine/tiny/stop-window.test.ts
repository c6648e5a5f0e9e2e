import fc from "fast-check";
import { expect, test } from "vitest";
import { createStopWindow } from "./stop-window.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });

test("text is cut at the first stop sequence, however it arrives, and nothing else is lost", () => {
  const stops = fc.array(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 2, maxLength: 4 }), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(letters), stops, (pieces, words) => {
      const window = createStopWindow(words);
      let seen = "";
      let isStopped = false;
      for (const piece of pieces) {
        const { text, stopped } = window.push(piece);
        seen += text;
        isStopped = stopped;
        if (stopped) break;
      }
      if (!isStopped) seen += window.flush();
      const whole = pieces.join("");
      const first = Math.min(...words.map((word) => whole.indexOf(word)).filter((at) => at >= 0));
      expect(isStopped).toBe(first !== Number.POSITIVE_INFINITY);
      if (isStopped) {
        expect(whole.startsWith(seen)).toBe(true);
        expect(words.some((word) => whole.startsWith(word, seen.length))).toBe(true);
        expect(words.every((word) => !seen.includes(word))).toBe(true);
      } else expect(seen).toBe(whole);
    }),
    { numRuns: 500 },
  );
});
