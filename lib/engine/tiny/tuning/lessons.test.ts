import { expect, test } from "vitest";
import { type Lesson, lessonsOf, type Material } from "./lessons.ts";

/** A word is a token. */
const count = (text: string): number => text.split(" ").filter((word) => word !== "").length;
type Turn = [role: string, content: string, weight?: number];
const talk = (turns: Turn[], hasTools = false): Material => ({
  messages: turns.map(([role, content, weight = 1]) => ({ role, content, weight, toolCalls: [] })),
  hasTools,
});
const short = ({ question, answer, tokens }: Lesson): unknown[] => [question, answer, tokens];
const lessons = (material: Material, most = 100): unknown[] => lessonsOf(material, most, count).map(short);

const two: Turn[] = [
  ["system", "be kind"],
  ["user", "first question"],
  ["assistant", "first answer"],
  ["user", "second question"],
  ["assistant", "second answer here"],
];

test("each answer is a lesson with the question before it, and together they count for the whole line, once", () => {
  expect(lessons(talk(two))).toEqual([
    ["first question", "first answer", 9],
    ["second question", "second answer here", 7],
  ]);
});

test("answers of weight 0 are not learned, but count as what stands before the next", () => {
  const weighed = two.map((turn): Turn => (turn[1] === "first answer" ? ["assistant", "first answer", 0] : turn));
  expect(lessons(talk(weighed))).toEqual([["second question", "second answer here", 16]]);
});

test("where tools are at hand the last answer alone is learned, and calls count as they are written", () => {
  expect(lessons(talk(two, true))).toEqual([["second question", "second answer here", 16]]);
  const call = { name: "look", arguments: '{"for": "it"}' };
  const messages = [
    { role: "user", content: "look it up", weight: 1, toolCalls: [] },
    { role: "assistant", content: "", weight: 1, toolCalls: [call] },
  ];
  expect(lessons({ messages, hasTools: true })).toEqual([]);
  const told = [...messages, { role: "tool", content: "found", weight: 1, toolCalls: [] }];
  const answered = [...told, { role: "assistant", content: "here it is", weight: 1, toolCalls: [] }];
  expect(lessons({ messages: answered, hasTools: true })).toEqual([["look it up", "here it is", 4 + 3 + 2 + 4]]);
});

test("a text is learned whole, and what is longer than may be counts for that much", () => {
  expect(lessons({ text: "all of this" })).toEqual([["", "all of this", 4]]);
  expect(lessonsOf({ text: "all of this" }, 3, count)).toMatchObject([{ tokens: 3, isCut: true }]);
  expect(lessonsOf(talk(two), 8, count)).toMatchObject([
    { tokens: 8, isCut: true },
    { tokens: 7, isCut: false },
  ]);
});
