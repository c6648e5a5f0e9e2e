import { expect, test } from "vitest";
import { chatInput } from "#lib/engine/port/input.ts";
import type { Message } from "#lib/engine/port/port.ts";
import { chatRequest, checkOrder, refuseOtherThanText, textOf } from "./wire.ts";

const conversation = (roles: string): Message[] =>
  roles.split(" ").map((word) => ({
    role: word.replace("+", "") as Message["role"],
    content: "x",
    ...(word.endsWith("+") ? { prefix: true } : {}),
  }));

test.each([
  ["user", true],
  ["system user", true],
  ["user assistant user", true],
  ["user assistant tool", true],
  ["user assistant tool tool", true],
  ["user assistant+", true],
  ["user system user", true],
  ["user assistant", false],
  ["system", false],
  ["tool", false],
  ["user tool", false],
  ["system tool", false],
])("a conversation of %s is answered: %s", (roles, isAnswered) => {
  const check = () => checkOrder(conversation(roles));
  if (isAnswered) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: "invalid_request_message_order" }));
});

const parse = (body: object) => chatInput.parse({ model: "m", messages: [{ role: "user", content: "hi" }], ...body });

test("the openai clients' names mean the same as the official ones", () => {
  const ours = chatRequest(parse({ max_tokens: 5, random_seed: 7, tool_choice: "auto" }), "up");
  const theirs = chatRequest(
    parse({ max_completion_tokens: 5, seed: 7, stream_options: { include_usage: true }, user: "u", store: false }),
    "up",
  );
  expect(theirs.sampling).toEqual(ours.sampling);
});

test("a tool that is asked for must be there", () => {
  const tools = [{ type: "function", function: { name: "look" } }];
  expect(chatRequest(parse({ tools, tool_choice: "required" }), "up").toolChoice).toBe("any");
  expect(() => chatRequest(parse({ tool_choice: "any" }), "up")).toThrow(/tools is empty/);
  expect(() =>
    chatRequest(parse({ tools, tool_choice: { type: "function", function: { name: "other" } } }), "up"),
  ).toThrow(/not among/);
});

test.each([
  [{ temperature: 2.1 }],
  [{ top_p: -0.1 }],
  [{ n: 0 }],
  [{ n: 17 }],
  [{ max_tokens: 1.5 }],
  [{ guardrails: [{}] }],
  [{ logprobs: true }],
  [{ audio: { voice: "one" } }],
  [{ modalities: ["text", "audio"] }],
  [{ web_search_options: {} }],
  [{ max_tokens: -2 }],
  [{ tools: [{ type: "custom", custom: { name: "x" } }] }],
  [{ tool_choice: { type: "custom", custom: { name: "x" } } }],
  [{ messages: [] }],
  [{ messages: [{ role: "nobody", content: "x" }] }],
])("a body with %o is refused", (body) => {
  expect(chatInput.safeParse({ model: "m", messages: [{ role: "user", content: "hi" }], ...body }).success).toBe(false);
});

test("safe_prompt goes first, and only text goes to a model that takes text", () => {
  const request = chatRequest(parse({ safe_prompt: true }), "up");
  expect(request.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  expect(textOf(request)).toContain("hi");
  const picture = [{ role: "user" as const, content: [{ type: "image_url", image_url: "data:" }] }];
  expect(() => refuseOtherThanText(picture, "tiny-chat-1")).toThrow(/text only/);
});
