import { expect, test } from "vitest";
import type { Entry } from "#lib/domain/conversations/rules.ts";
import { applied, type ChatItem, itemsOf, nameOf, openCalls } from "./chat-items.ts";

const common = { object: "entry", created_at: "2026-01-01T00:00:00.000Z", completed_at: null } as const;
const none = { requestId: null, promptTokens: null, completionTokens: null, costPico: null };
const made = { agent_id: `ag_${"1".repeat(32)}`, agent_version: 2, model: "small" };

const entry = (fields: object): Entry => ({ ...common, ...fields }) as unknown as Entry;
const asked = (id: string, content = id) => ({
  entry: entry({ id, type: "message.input", role: "user", content, prefix: false }),
  ...none,
});
const answered = (id: string, took: object = {}) => ({
  entry: entry({ id, type: "message.output", role: "assistant", content: id, ...made }),
  ...none,
  ...took,
});
const called = (id: string, took: object = {}) => ({
  entry: entry({ id, type: "function.call", tool_call_id: `t${id}`, name: "f", arguments: "{}", ...made }),
  ...none,
  ...took,
});
const given = (id: string, call: string) => ({
  entry: entry({ id, type: "function.result", tool_call_id: `t${call}`, result: "21" }),
  ...none,
});
const handedOver = (id: string, took: object = {}) => ({
  entry: entry({ id, type: "agent.handoff", previous_agent_name: "A", next_agent_name: "B" }),
  ...none,
  ...took,
});
const took = { requestId: "req_1", promptTokens: 3, completionTokens: 4, costPico: 5_000_000_000_000n };

const shownTook = (items: readonly ChatItem[]) =>
  items.flatMap((item) => ("took" in item && item.took ? [[item.id, item.took.requestId]] : []));

test("a question knows the entry before it, where a branch of it begins", () => {
  const items = itemsOf([asked("q1"), answered("a1"), asked("q2")]);
  expect(items.filter(({ kind }) => kind === "question")).toMatchObject([{ before: null }, { before: "a1" }]);
});

test("what an answer took stands under the last of it, once", () => {
  expect(shownTook(itemsOf([asked("q"), answered("a", took), asked("q2"), answered("a2")]))).toEqual([["a", "req_1"]]);
  const handed = itemsOf([asked("q"), handedOver("h", took), answered("a")]);
  expect(shownTook(handed)).toEqual([["a", "req_1"]]);
  const each = itemsOf([asked("q"), handedOver("h", took), answered("a", { ...took, requestId: "req_2" })]);
  expect(shownTook(each)).toEqual([
    ["h", "req_1"],
    ["a", "req_2"],
  ]);
  const both = itemsOf([asked("q"), answered("a", took), called("c"), given("r", "c"), answered("b")]);
  expect(shownTook(both)).toEqual([["c", "req_1"]]);
  expect(handed.at(-1)).toMatchObject({
    took: { tokensIn: 3, tokensOut: 4, cost: "€5.00" },
    maker: { agentVersion: 2 },
  });
});

test("a function's result stands with its call, and calls without one wait", () => {
  const items = itemsOf([asked("q"), called("c"), called("d"), given("r", "c")]);
  expect(items).toMatchObject([{}, { kind: "call", result: "21" }, { kind: "call", result: undefined }]);
  expect(openCalls(items).map(({ id }) => id)).toEqual(["d"]);
  expect(openCalls(itemsOf([asked("q"), called("c"), asked("never mind")]))).toEqual([]);
});

test("pieces of an answer grow together, and its end says what it took", () => {
  const pieces = ["Pa", "ris"].map((content) => ({ type: "message.output.delta", id: "m", content, ...made }));
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const events = [...pieces, { type: "conversation.response.done", usage, cost_eur: "0.000001" }];
  const items = events.reduce<ChatItem[]>((items, event) => applied(items, event as never, "req_1"), []);
  expect(items).toMatchObject([{ text: "Paris", took: { requestId: "req_1", tokensIn: 3, cost: "€0.0000010" } }]);
});

test("what is thought grows beside what is said", () => {
  const thought = (text: string) => ({ type: "thinking", thinking: [{ type: "text", text }] });
  const pieces = [thought("H"), thought("m."), "Paris"].map((content) => ({
    type: "message.output.delta",
    id: "m",
    content,
    ...made,
  }));
  const items = pieces.reduce<ChatItem[]>((items, event) => applied(items, event as never, "req_1"), []);
  expect(items).toMatchObject([{ kind: "answer", text: "Paris", thought: "Hm." }]);
});

test("a handoff is told when it begins, and to which one when it is done", () => {
  const began = applied(
    [],
    { type: "agent.handoff.started", id: "h", previous_agent_id: "", previous_agent_name: "A" },
    null,
  );
  const done = applied(began, { type: "agent.handoff.done", id: "h", next_agent_id: "", next_agent_name: "B" }, null);
  expect([began, done]).toMatchObject([[{ from: "A", to: "" }], [{ from: "A", to: "B" }]]);
});

test("a conversation is called as it begins, in at most 60 characters", () => {
  expect(nameOf("  What  is\tit?\nMore")).toBe("What is it?");
  expect(nameOf("word ".repeat(30))).toMatch(/^(word ){10}word…$/);
  expect(nameOf("x".repeat(100))).toHaveLength(60);
});
