import { expect, test } from "vitest";
import type { ConversationEvent } from "#components/conversations/stream-conversation.ts";
import { applied, costWords, entriesOf, type Item, openCalls } from "./preview-items.ts";

const said: Item = { kind: "question", text: "Hello" };
const after = (events: ConversationEvent[], items: readonly Item[] = [said]) => events.reduce(applied, items);

const text = (id: string, content: string): ConversationEvent => ({
  type: "message.output.delta",
  id,
  content,
  output_index: 0,
  content_index: 0,
  role: "assistant",
  created_at: "",
});
const call = (id: string, args: string): ConversationEvent => ({
  type: "function.call.delta",
  id,
  name: "find",
  tool_call_id: `tool-${id}`,
  arguments: args,
  output_index: 0,
});
const done: ConversationEvent = {
  type: "conversation.response.done",
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  cost_eur: "0.0000042",
};

test("an answer grows piece by piece, and its figures come last", () => {
  const items = after([text("m1", "Good "), text("m1", "day"), done]);
  expect(items).toEqual([
    said,
    { kind: "answer", id: "m1", text: "Good day" },
    { kind: "figures", tokensIn: 3, tokensOut: 2, cost: "0.0000042" },
  ]);
  expect(entriesOf(items)).toEqual([
    { object: "entry", type: "message.input", role: "user", content: "Hello" },
    { object: "entry", type: "message.output", role: "assistant", content: "Good day" },
  ]);
});

test("calls wait for results, and the results go on together after the last call", () => {
  const items = after([call("c1", '{"a"'), call("c1", ":1}"), call("c2", "{}"), done]);
  expect(openCalls(items).map(({ arguments: args }) => args)).toEqual(['{"a":1}', "{}"]);
  const given = items.map((item) => (item.kind === "call" ? { ...item, result: `of ${item.id}` } : item));
  expect(openCalls(given)).toEqual([]);
  expect(entriesOf(given).map(({ type, tool_call_id, result }) => [type, tool_call_id, result])).toEqual([
    ["message.input", undefined, undefined],
    ["function.call", "tool-c1", undefined],
    ["function.call", "tool-c2", undefined],
    ["function.result", "tool-c1", "of c1"],
    ["function.result", "tool-c2", "of c2"],
  ]);
});

test("a handoff is one line, from which agent to which, and part of what was said once it is done", () => {
  const started: ConversationEvent = {
    type: "agent.handoff.started",
    id: "h1",
    previous_agent_id: "ag_1",
    previous_agent_name: "One",
  };
  expect(entriesOf(after([started]))).toHaveLength(1);
  const items = after([
    started,
    { type: "agent.handoff.done", id: "h1", next_agent_id: "ag_2", next_agent_name: "Two" },
    text("m1", "Hi"),
  ]);
  expect(items[1]).toMatchObject({ kind: "handoff", from: "One", to: "Two" });
  expect(entriesOf(items)[1]).toMatchObject({
    type: "agent.handoff",
    previous_agent_id: "ag_1",
    next_agent_id: "ag_2",
  });
});

test("a question that failed was not said, one whose answer was stopped was", () => {
  const failed: Item[] = [
    said,
    { kind: "problem", text: "No." },
    { kind: "question", text: "Again" },
    { kind: "stopped" },
  ];
  expect(entriesOf(failed).map(({ content }) => content)).toEqual(["Again"]);
});

test.each([
  ["0", "€0.00"],
  ["0.0000042", "€0.0000042"],
  ["1.5", "€1.50"],
])("%s euros read %s", (cost, words) => {
  expect(costWords(cost)).toBe(words);
});
