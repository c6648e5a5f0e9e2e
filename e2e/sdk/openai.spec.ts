import { expect, test } from "@playwright/test";
import OpenAI from "openai";
import { newCustomer, serverUrl } from "#e2e/server.ts";

let client: OpenAI;
test.beforeAll(async () => {
  const { secret } = await newCustomer();
  client = new OpenAI({ apiKey: secret, baseURL: `${serverUrl}/v1`, maxRetries: 0 });
});

const messages = [{ role: "user" as const, content: "What is the capital of France?" }];

test("models are listed and found", async () => {
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  expect(ids).toContain("tiny-chat-1");
  expect((await client.models.retrieve("tiny-chat-1")).object).toBe("model");
});

test("a chat is answered, with the client's own names for limits and seeds", async () => {
  const answer = await client.chat.completions.create({
    model: "tiny-chat-1",
    messages,
    seed: 7,
    max_completion_tokens: 40,
    user: "end-user-1",
    store: false,
  });
  expect(answer.choices[0]?.message.content).toContain("Paris");
  expect(answer.usage?.total_tokens).toBe((answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0));
});

test("a stream ends with its usage when asked for it", async () => {
  const stream = await client.chat.completions.create({
    model: "tiny-chat-1",
    messages,
    stream: true,
    temperature: 0,
    stream_options: { include_usage: true },
  });
  let text = "";
  let total = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    total = chunk.usage?.total_tokens ?? total;
  }
  expect(text).toContain("Paris");
  expect(total).toBeGreaterThan(0);
});

test("a required tool is called, and its result can be sent back", async () => {
  const tools = [
    {
      type: "function" as const,
      function: {
        name: "lookup",
        description: "Looks a word up",
        parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
      },
    },
  ];
  const first = await client.chat.completions.create({
    model: "tiny-chat-1",
    messages,
    tools,
    tool_choice: "required",
  });
  const answer = first.choices[0]?.message;
  const call = answer?.tool_calls?.[0];
  if (!answer || call?.type !== "function") throw new Error("no tool was called");
  expect(typeof JSON.parse(call.function.arguments).word).toBe("string");
  const second = await client.chat.completions.create({
    model: "tiny-chat-1",
    tools,
    messages: [...messages, answer, { role: "tool", tool_call_id: call.id, content: "a city" }],
  });
  expect(second.choices[0]?.finish_reason).toBeTruthy();
});

test("structured output is valid", async () => {
  const answer = await client.chat.completions.create({
    model: "tiny-chat-1",
    messages,
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "place",
        strict: true,
        schema: {
          type: "object",
          properties: { city: { type: "string" }, isCapital: { type: "boolean" } },
          required: ["city", "isCapital"],
          additionalProperties: false,
        },
      },
    },
  });
  const place = JSON.parse(answer.choices[0]?.message.content ?? "");
  expect(typeof place.city).toBe("string");
  expect(typeof place.isCapital).toBe("boolean");
});

test("embeddings survive the base64 the client asks for", async () => {
  const { data } = await client.embeddings.create({ model: "tiny-embed-1", input: "a counter" });
  const plain = await client.embeddings.create({ model: "tiny-embed-1", input: "a counter", encoding_format: "float" });
  expect(data[0]?.embedding).toHaveLength(256);
  expect(data[0]?.embedding[0]).toBeCloseTo(plain.data[0]?.embedding[0] ?? 9, 6);
});

test("errors carry the words of the body", async () => {
  const stranger = new OpenAI({ apiKey: "wrong", baseURL: `${serverUrl}/v1`, maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toThrow(/not an API key/);
  await expect(client.chat.completions.create({ model: "nope", messages })).rejects.toMatchObject({
    status: 400,
    code: "1500",
    message: expect.stringContaining("nope"),
  });
  await expect(client.chat.completions.create({ model: "tiny-chat-1", messages: [] })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining("messages"),
  });
});

test("a path that is no endpoint is a JSON 404 the client does not retry", async () => {
  await expect(client.images.generate({ prompt: "a counter" })).rejects.toMatchObject({ status: 404 });
});
