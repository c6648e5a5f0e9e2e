import { expect, test } from "vitest";
import { paceOf, secondsBefore, verdictOf } from "./rules.ts";

const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: JSON.stringify({ message: "The limit is reached." }),
});

test("batch 8: what an answer means for its line: it stands, waits for a person, waits for a rate, or is asked again", () => {
  expect(verdictOf(answer(200))).toEqual({ kind: "final" });
  expect(verdictOf(answer(422))).toEqual({ kind: "final" });
  expect(verdictOf(answer(402))).toMatchObject({ kind: "waits", problem: "The limit is reached." });
  expect(verdictOf(answer(429, { "retry-after": "7" }))).toEqual({ kind: "slower", seconds: 7 });
  expect(verdictOf(answer(429, { "retry-after": "86400" }))).toEqual({ kind: "slower", seconds: 60 });
  for (const status of [408, 500, 502, 503, 504]) expect(verdictOf(answer(status)).kind).toBe("again");
  expect([1, 2, 9].map(secondsBefore)).toEqual([2, 4, 30]);
});

const rates = (second: number, minute: [limit: number, left: number]) => ({
  "x-ratelimit-limit-req-second": String(second),
  "x-ratelimit-remaining-req-second": "0",
  "x-ratelimit-limit-tokens-minute": String(minute[0]),
  "x-ratelimit-remaining-tokens-minute": String(minute[1]),
});

test("batch 8: a batch leaves half of each rate to what else the customer asks", () => {
  // Half of 5 requests a second is one each 0.4 s.
  expect(paceOf(rates(5, [1000, 900]))).toBeCloseTo(0.4);
  // A quarter of the minute's tokens is missing to the half: that is refilled in 15 s.
  expect(paceOf(rates(5, [1000, 250]))).toBeCloseTo(15);
  expect(paceOf({})).toBe(0);
});
