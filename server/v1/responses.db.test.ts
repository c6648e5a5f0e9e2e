import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { afterAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { testDatabase } from "#db/testing.ts";
import { pico } from "#lib/core/money.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql, undefined, { features: { parameters: ["reasoning_effort", "verbosity"] } });
const context = await testWorkspace(db);
const secret = await keyOf(context);
afterAll(v1.close);
beforeEach(() => {
  v1.script.length = 0;
});

const openai = new OpenAI({
  apiKey: secret,
  baseURL: `http://127.0.0.1:${v1.port}/v1`,
  maxRetries: 0,
  fetch: v1.fetch,
});
const ask = (body: object, headers?: Record<string, string>) =>
  v1.ask(secret, "POST", "/v1/responses", { model: "small", ...body }, headers);
const events = (body: object) => v1.events(secret, "/v1/responses", { model: "small", ...body });

const weather = {
  type: "function" as const,
  name: "weather",
  description: "The weather somewhere.",
  strict: true,
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const called = { toolCalls: [{ id: "abcdefghi", name: "weather", arguments: '{"city":"Paris"}' }] };

test("the openai client gets a whole response, which is counted", async () => {
  const before = (await v1.counted(context.organizationId)).length;
  const response = await openai.responses.create({
    model: "small",
    instructions: "Be brief.",
    input: "Hi",
    max_output_tokens: 50,
    temperature: 0.5,
    metadata: { topic: "greeting" },
    user: "u-1",
  });
  expect(response).toMatchObject({
    object: "response",
    status: "completed",
    error: null,
    incomplete_details: null,
    model: "small",
    output_text: "Hello there.",
    output: [
      {
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Hello there.", annotations: [] }],
      },
    ],
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 12,
    },
    instructions: "Be brief.",
    max_output_tokens: 50,
    temperature: 0.5,
    metadata: { topic: "greeting" },
    tools: [],
    tool_choice: "auto",
    previous_response_id: null,
  });
  expect(response.id).toMatch(/^resp_[0-9a-f]{32}$/);
  expect(response.output[0]?.id).toMatch(/^msg_/);
  expect(v1.lastAsked()).toMatchObject({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
    ],
    max_tokens: 50,
    temperature: 0.5,
  });
  const counted = (await v1.counted(context.organizationId)).slice(before);
  expect(counted).toMatchObject([{ endpoint: "responses", cost: "16000000", outcome: "answered", status: 200 }]);
});

test("a streamed response tells every step in order, and ends once it is counted", async () => {
  const told = await events({ input: "Hi" });
  expect(told.map(({ event }) => event)).toEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
  ]);
  expect(told.map(({ data }) => data.sequence_number)).toEqual(told.map((_, at) => at));
  for (const { event, data } of told) expect(data.type).toBe(event);
  expect(told[0]?.data.response).toMatchObject({ status: "in_progress", output: [], usage: null });
  expect(told.at(-1)?.data.response).toMatchObject({
    status: "completed",
    output: [told.at(-2)?.data.item],
    usage: { input_tokens: 10, output_tokens: 2 },
  });
  const [row] = (await v1.counted(context.organizationId)).slice(-1);
  expect(row).toMatchObject({ endpoint: "responses", outcome: "answered" });
});

test("the openai client streams, with its helper, and parses what it asked for by a schema", async () => {
  const stream = openai.responses.stream({ model: "small", input: "Hi" });
  let text = "";
  stream.on("response.output_text.delta", ({ delta }) => {
    text += delta;
  });
  expect((await stream.finalResponse()).output_text).toBe("Hello there.");
  expect(text).toBe("Hello there.");

  v1.script.push({ text: ['{"city":', '"Paris"}'] });
  const parsed = await openai.responses.parse({
    model: "small",
    input: "Where?",
    text: { format: zodTextFormat(z.object({ city: z.string() }), "place") },
  });
  expect(parsed.output_parsed).toEqual({ city: "Paris" });
  expect(v1.lastAsked().response_format).toMatchObject({
    type: "json_schema",
    json_schema: { name: "place", strict: true, schema: { type: "object" } },
  });
});

test.each([false, true])("a loop of tools goes round with items that are sent back (streamed: %s)", async (stream) => {
  v1.script.push(called);
  const input: OpenAI.Responses.ResponseInputItem[] = [{ role: "user", content: "Weather in Paris?" }];
  const asked = { model: "small", input, tools: [weather], tool_choice: "required" as const };
  const first = stream
    ? await openai.responses.stream(asked).finalResponse()
    : await openai.responses.create({ ...asked, stream: false });
  expect(first.output).toMatchObject([
    {
      type: "function_call",
      status: "completed",
      call_id: "abcdefghi",
      name: "weather",
      arguments: '{"city":"Paris"}',
    },
  ]);
  expect(first.output[0]?.id).toMatch(/^fc_/);
  expect(first.tools).toEqual([weather]);
  expect(v1.lastAsked()).toMatchObject({
    tools: [{ type: "function", function: { name: "weather", strict: true } }],
    tool_choice: "required",
  });
  input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]));
  input.push({ type: "function_call_output", call_id: "abcdefghi", output: "Sunny" });
  const second = await openai.responses.create({ model: "small", input, tools: [weather] });
  expect(second.output_text).toBe("Hello there.");
  expect(v1.lastAsked().messages).toMatchObject([
    { role: "user", content: "Weather in Paris?" },
    { role: "assistant", tool_calls: [{ id: "abcdefghi", function: { name: "weather" } }] },
    { role: "tool", tool_call_id: "abcdefghi", content: "Sunny" },
  ]);
});

test("calls are told piece by piece", async () => {
  v1.script.push(called);
  const told = await events({ input: "Weather?", tools: [weather] });
  expect(told.map(({ event }) => event)).toEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
    "response.completed",
  ]);
  expect(told[2]?.data.item).toMatchObject({ status: "in_progress", name: "weather", arguments: "" });
  expect(told[6]?.data.item).toMatchObject({ status: "completed", arguments: '{"city":"Paris"}' });
});

test.each([false, true])("functions in a namespace are called by both names (streamed: %s)", async (stream) => {
  const namespace = "tools_of_a_server_with_a_name_that_is_far_too_long_for_models";
  const tools = [{ type: "namespace", name: namespace, description: "", tools: [weather] }, weather];
  v1.script.push(({ body }) => {
    const [first] = body.tools as [{ function: { name: string } }];
    expect(first.function.name).toMatch(/^[\w-]{64}$/);
    return { toolCalls: [{ id: "abcdefghi", name: first.function.name, arguments: "{}" }] };
  });
  const asked = { input: "Weather?", tools };
  const response = stream ? (await events(asked)).at(-1)?.data.response : (await ask(asked)).body;
  const [call] = (response as { output: object[] }).output;
  expect(call).toMatchObject({ type: "function_call", name: "weather", namespace });
  const output = { type: "function_call_output", call_id: "abcdefghi", output: "Sunny" };
  await ask({ input: [{ role: "user", content: "Weather?" }, call, output], tools });
  const [first] = v1.lastAsked().tools as [{ function: { name: string } }];
  expect(v1.lastAsked().messages[1]).toMatchObject({ tool_calls: [{ function: { name: first.function.name } }] });
});

test("thoughts are told as they are, or as a summary where one is asked for", async () => {
  const thinking = { thinking: ["Let me ", "see."], text: ["Yes."] };
  v1.script.push(thinking, thinking, thinking);
  const raw = await events({ input: "Hm?", reasoning: { effort: "high" } });
  expect(v1.lastAsked()).toMatchObject({ reasoning_effort: "high" });
  expect(raw.filter(({ event }) => event === "response.reasoning_text.delta")).toHaveLength(2);
  expect(raw.at(-1)?.data.response).toMatchObject({
    output: [
      { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Let me see." }] },
      { type: "message", content: [{ text: "Yes." }] },
    ],
  });
  const summarized = await openai.responses
    .stream({ model: "small", input: "Hm?", reasoning: { summary: "auto" } })
    .finalResponse();
  const item = { type: "reasoning", summary: [{ type: "summary_text", text: "Let me see." }] };
  expect(summarized.output).toMatchObject([item, { type: "message" }]);
  const { body } = await ask({ input: "Hm?", reasoning: { summary: "auto" } });
  expect(body.output).toMatchObject([item, { type: "message" }]);
});

test.each([false, true])("an answer that was cut off says why (streamed: %s)", async (stream) => {
  v1.script.push({ text: ["Hello"], finish: "length" });
  const response = stream ? (await events({ input: "Hi" })).at(-1)?.data.response : (await ask({ input: "Hi" })).body;
  expect(response).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
    output: [{ type: "message", status: "incomplete", content: [{ text: "Hello" }] }],
  });
});

test("an answer that costs more than a limit leaves is incomplete, and costs no more", async () => {
  const poor = await testWorkspace(db);
  const key = await keyOf(poor);
  await setWorkspaceLimit(poor, { limit: pico(200_000_000n) });
  v1.script.push({ text: Array.from({ length: 100 }, () => "word "), withoutUsage: true });
  const told = await v1.events(key, "/v1/responses", { model: "small", input: "Hi" });
  expect(told.at(-1)).toMatchObject({
    event: "response.incomplete",
    data: { response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } } },
  });
  const [row] = await v1.counted(poor.organizationId);
  expect(row?.outcome).toBe("answered");
  expect(Number(row?.cost)).toBeLessThanOrEqual(200_000_000);
});

test("what breaks off in a stream ends as a failed response, and the client learns of it", async () => {
  v1.script.push({ failure: "error-in-stream", failAfter: 1 });
  const told = await events({ input: "Hi" });
  expect(told.slice(-2)).toMatchObject([
    { event: "error", data: { type: "error", code: "unavailable", error: { code: "unavailable" } } },
    { event: "response.failed", data: { response: { status: "failed", error: { code: "server_error" } } } },
  ]);
  v1.script.push({ failure: "error-in-stream", failAfter: 1 });
  const broken = openai.responses.stream({ model: "small", input: "Hi" }).finalResponse();
  await expect(broken).rejects.toThrow("cannot answer right now");
  const [row] = (await v1.counted(context.organizationId)).slice(-1);
  expect(row).toMatchObject({ endpoint: "responses", outcome: "failed" });
});

test("what fails before anything was said is an error answer", async () => {
  v1.script.push({ status: 500 });
  const { status, body } = await ask({ input: "Hi", stream: true });
  expect(status).toBe(503);
  expect(body.error.message).toBeTypeOf("string");
});
