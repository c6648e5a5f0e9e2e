import { Mistral } from "@mistralai/mistralai";
import fc from "fast-check";
import OpenAI from "openai";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { FakeAnswer } from "#lib/testing/fake-upstream.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

let secret: string;
let openai: OpenAI;
let mistral: Mistral;

/** A customer of its own for each answer, so that no rate limit is met. */
async function newCustomer(): Promise<void> {
  secret = await keyOf(await testWorkspace(db));
  openai = new OpenAI({ apiKey: secret, baseURL: `http://127.0.0.1:${v1.port}/v1`, maxRetries: 0, fetch: v1.fetch });
  mistral = new Mistral({ apiKey: secret, serverURL: `http://127.0.0.1:${v1.port}` });
}
beforeEach(newCustomer);

const model = "small";
const question = { role: "user" as const, content: "What is it?" };
const tools = [
  {
    type: "function" as const,
    function: { name: "look", strict: true, parameters: { type: "object", properties: {} } },
  },
];
type Chat = OpenAI.ChatCompletionMessageParam;

/** What an inference server may say: text, JSON, or calls. */
const answers: fc.Arbitrary<FakeAnswer> = fc.oneof(
  fc.record({ text: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) }),
  fc.record({ text: fc.jsonValue({ maxDepth: 2 }).map((value) => [JSON.stringify({ value })]) }),
  fc.record({
    toolCalls: fc.array(
      fc.record({ name: fc.constant("look"), arguments: fc.jsonValue().map((x) => JSON.stringify({ x })) }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

const resultsFor = (calls: readonly { id?: string | undefined }[] | null | undefined) =>
  (calls ?? []).map(({ id = "" }) => ({ role: "tool" as const, tool_call_id: id, content: "found" }));

/** Each way a client gets a message and sends it back as it has it. */
const ways: [string, (next: () => void) => Promise<unknown>][] = [
  [
    "the openai client, whole",
    async (next) => {
      const { choices } = await openai.chat.completions.create({ model, messages: [question], tools });
      next();
      await sendBack(choices[0]?.message);
    },
  ],
  [
    "the openai client, parsed",
    async (next) => {
      const { choices } = await openai.chat.completions.parse({ model, messages: [question], tools });
      next();
      await sendBack(choices[0]?.message);
    },
  ],
  [
    "the openai client, streamed",
    async (next) => {
      const stream = openai.chat.completions.stream({ model, messages: [question], tools });
      const message = await stream.finalMessage();
      next();
      await sendBack(message);
    },
  ],
  [
    "raw HTTP, whole",
    async (next) => {
      const { body } = await v1.ask(secret, "POST", "/v1/chat/completions", { model, messages: [question], tools });
      for (const call of body.choices[0].message.tool_calls ?? []) expect(call).not.toHaveProperty("index");
      next();
      await sendBack(body.choices[0].message);
    },
  ],
  [
    "the mistral client",
    async (next) => {
      const { choices } = await mistral.chat.complete({ model, messages: [question], tools });
      const message = choices[0]?.message;
      next();
      if (!message) throw new Error("No message.");
      const results = resultsFor(message.toolCalls).map(({ tool_call_id: toolCallId, content }) => ({
        role: "tool" as const,
        toolCallId,
        content,
      }));
      const last = results.length > 0 ? results : [question];
      await mistral.chat.complete({ model, messages: [question, { ...message, role: "assistant" }, ...last], tools });
    },
  ],
];

async function sendBack(message: unknown): Promise<void> {
  const { tool_calls: calls } = message as { tool_calls?: { id: string }[] | null };
  const results = resultsFor(calls);
  const last: Chat[] = results.length > 0 ? results : [question];
  const { choices } = await openai.chat.completions.create({ model, messages: [question, message as Chat, ...last] });
  expect(choices[0]?.message.content).toBe("Hello there.");
  expect(v1.lastAsked().messages).toHaveLength(2 + last.length);
}

test.each(ways)("whatever is answered can be sent back by %s", async (_name, way) => {
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      await newCustomer();
      v1.script.splice(0);
      v1.script.push(answer);
      await way(() => expect(v1.script).toHaveLength(0));
    }),
    { numRuns: 12 },
  );
});

test("the openai client runs tools to the end", async () => {
  v1.script.push({ toolCalls: [{ name: "look", arguments: "{}" }] });
  const runner = openai.chat.completions.runTools({
    model,
    messages: [question],
    tools: [
      {
        type: "function",
        function: { name: "look", description: "Looks.", parameters: {}, parse: JSON.parse, function: () => "seen" },
      },
    ],
  });
  expect(await runner.finalContent()).toBe("Hello there.");
});

test("a program that offers functions reads its call in that spelling, whole and streamed, and sends it back", async () => {
  const functions = [{ name: "look", parameters: { type: "object", properties: {} } }];
  const toolCalls = [{ name: "look", arguments: '{"x":1}' }];
  v1.script.push({ toolCalls }, { toolCalls });
  const { choices } = await openai.chat.completions.create({ model, messages: [question], functions });
  expect(choices[0]).toMatchObject({
    finish_reason: "function_call",
    message: { tool_calls: null, function_call: toolCalls[0] },
  });
  let call = "";
  let finish: unknown;
  const stream = await openai.chat.completions.create({ model, messages: [question], functions, stream: true });
  for await (const { choices } of stream) {
    call += choices[0]?.delta.function_call?.arguments ?? "";
    finish = choices[0]?.finish_reason ?? finish;
  }
  expect([call, finish]).toEqual(['{"x":1}', "function_call"]);
  const message = choices[0]?.message;
  if (!message) throw new Error("No message.");
  const answer = { role: "function" as const, name: "look", content: "seen" };
  const last = await openai.chat.completions.create({ model, messages: [question, message, answer], functions });
  expect(last.choices[0]?.message.content).toBe("Hello there.");
});
