import { expect, test } from "vitest";
import { lineView } from "./rules.ts";

test("fine-tuning: a line is shown as a conversation, as text, or as it is, however wrong it may be", () => {
  const call = { id: "abcdefgh1", function: { name: "look", arguments: '{"a":1}' } };
  const tool = { type: "function", function: { name: "look" } };
  const messages = [
    { role: "user", content: "Hi" },
    { role: "assistant", weight: 0, tool_calls: [call] },
  ];
  expect(lineView(JSON.stringify({ messages, tools: [tool] }))).toEqual({
    kind: "conversation",
    messages: [
      { role: "user", content: "Hi", isMuted: false, calls: [] },
      { role: "assistant", content: "", isMuted: true, calls: [{ name: "look", arguments: '{"a":1}' }] },
    ],
    tools: ["look"],
  });
  expect(lineView('{"text":"A text"}')).toEqual({ kind: "text", text: "A text" });
  for (const wrong of ["{", "[]", "null", '{"messages":5}', '"a"'])
    expect(lineView(wrong)).toEqual({ kind: "raw", text: wrong });
  expect(lineView('{"messages":[null,5,{"content":[1]}]}')).toMatchObject({
    messages: [{ role: "?" }, { role: "?" }, { role: "?", content: "[1]" }],
  });
});
