import { expect, test } from "vitest";
import { dateWords, instantWords, relativeWords } from "./time-words.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

test.each([
  [0, "just now"],
  [-59, "just now"],
  [30, "in a moment"],
  [-60, "1 minute ago"],
  [-7200, "2 hours ago"],
  [86_400 * 6, "in 6 days"],
  [-86_400 * 40, "20 Jan 2026"],
])("%s seconds from now reads %s", (seconds, words) => {
  expect(relativeWords(later(seconds), now)).toBe(words);
});

test("dates are those of UTC, wherever the server stands", () => {
  const late = new Date("2026-03-01T23:30:00.000Z");
  expect(dateWords(late)).toBe("1 Mar 2026");
  expect(instantWords(late)).toBe("1 Mar 2026, 23:30:00 UTC");
});
