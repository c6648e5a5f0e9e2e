import { Mistral } from "@mistralai/mistralai";
import { expect, test } from "@playwright/test";
import { newCustomer, serverUrl } from "#e2e/server.ts";

const weather = {
  type: "function" as const,
  function: {
    name: "get_weather",
    description: "The weather in a city",
    parameters: {
      type: "object",
      properties: {
        city: { type: "string" },
        unit: { type: "string", enum: ["celsius", "fahrenheit"] },
        days: { type: "integer", minimum: 1, maximum: 7 },
      },
      required: ["city", "unit"],
      additionalProperties: false,
    },
  },
};

let client: Mistral;
test.beforeAll(async () => {
  const { secret } = await newCustomer();
  client = new Mistral({ apiKey: secret, serverURL: serverUrl });
});

const ask = "What is the capital of France?";
const user = (content: string) => [{ role: "user" as const, content }];

test("the model list parses whole: no card is unknown to the client", async () => {
  const { data = [] } = await client.models.list();
  expect(data.map((card) => ("id" in card ? card.id : ""))).toEqual(
    expect.arrayContaining(["tiny-chat-1", "tiny-embed-1", "mistral-small-latest"]),
  );
  expect(JSON.stringify(data)).not.toContain("isUnknown");
  expect(data.every((card) => "capabilities" in card && card.type === "base")).toBe(true);
});

test("one model is found under its name and under an alias", async () => {
  const card = await client.models.retrieve({ modelId: "mistral-small-latest" });
  expect(card).toMatchObject({ id: "mistral-small-latest", type: "base", capabilities: { completionChat: true } });
});

test("a chat is answered with usage that adds up", async () => {
  const answer = await client.chat.complete({ model: "mistral-small-latest", messages: user(ask) });
  expect(answer.choices?.[0]?.message?.content).toContain("Paris");
  expect(answer.choices?.[0]?.finishReason).toBe("stop");
  const { promptTokens = 0, completionTokens = 0, totalTokens = 0 } = answer.usage;
  expect(promptTokens).toBeGreaterThan(0);
  expect(totalTokens).toBe(promptTokens + completionTokens);
});

test("a streamed chat says the same in pieces and ends with its usage", async () => {
  const stream = await client.chat.stream({ model: "tiny-chat-1", messages: user(ask), temperature: 0 });
  let text = "";
  let finish: string | null | undefined;
  let total = 0;
  for await (const { data } of stream) {
    const [choice] = data.choices;
    if (typeof choice?.delta.content === "string") text += choice.delta.content;
    finish = choice?.finishReason ?? finish;
    total = data.usage?.totalTokens ?? total;
  }
  const whole = await client.chat.complete({ model: "tiny-chat-1", messages: user(ask), temperature: 0 });
  expect(text).toBe(whole.choices?.[0]?.message?.content);
  expect(finish).toBe("stop");
  expect(total).toBe(whole.usage.totalTokens);
});

test("a forced tool is called with arguments that fit its schema", async () => {
  const answer = await client.chat.complete({
    model: "tiny-chat-1",
    messages: user("How is the weather in Lyon?"),
    tools: [weather],
    toolChoice: "any",
  });
  const call = answer.choices?.[0]?.message?.toolCalls?.[0];
  expect(answer.choices?.[0]?.finishReason).toBe("tool_calls");
  expect(call?.id).toMatch(/^[a-zA-Z0-9]{9}$/);
  expect(call?.function.name).toBe("get_weather");
  const given = JSON.parse(String(call?.function.arguments));
  expect(["celsius", "fahrenheit"]).toContain(given.unit);
  expect(typeof given.city).toBe("string");
});

test("a tool's result is answered in the next turn", async () => {
  const answer = await client.chat.complete({
    model: "tiny-chat-1",
    tools: [weather],
    messages: [
      ...user("How is the weather in Lyon?"),
      {
        role: "assistant",
        content: "",
        toolCalls: [
          { id: "abcDEF123", function: { name: "get_weather", arguments: '{"city":"Lyon","unit":"celsius"}' } },
        ],
      },
      { role: "tool", toolCallId: "abcDEF123", name: "get_weather", content: '{"degrees":21}' },
    ],
  });
  expect(answer.choices?.[0]?.message?.content).toBeTruthy();
});

test("a streamed tool call arrives whole", async () => {
  const stream = await client.chat.stream({
    model: "tiny-chat-1",
    messages: user("weather?"),
    tools: [weather],
    toolChoice: "any",
  });
  const calls: unknown[] = [];
  for await (const { data } of stream) calls.push(...(data.choices[0]?.delta.toolCalls ?? []));
  expect(calls).toHaveLength(1);
  expect(() => JSON.parse(String((calls[0] as { function: { arguments: string } }).function.arguments))).not.toThrow();
});

test("an answer in a JSON schema is valid against it", async () => {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1 },
      age: { type: "integer", minimum: 0, maximum: 120 },
      tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 },
    },
    required: ["name", "age", "tags"],
    additionalProperties: false,
  };
  const answer = await client.chat.complete({
    model: "tiny-chat-1",
    messages: user("Describe a person."),
    responseFormat: { type: "json_schema", jsonSchema: { name: "person", schemaDefinition: schema, strict: true } },
  });
  const person = JSON.parse(String(answer.choices?.[0]?.message?.content));
  expect(Object.keys(person).sort()).toEqual(["age", "name", "tags"]);
  expect(person.age).toBeGreaterThanOrEqual(0);
  expect(person.age).toBeLessThanOrEqual(120);
  expect(person.tags.length).toBeGreaterThanOrEqual(1);
});

test("json_object answers with an object", async () => {
  const answer = await client.chat.complete({
    model: "tiny-chat-1",
    messages: user("Anything, as JSON."),
    responseFormat: { type: "json_object" },
  });
  expect(typeof JSON.parse(String(answer.choices?.[0]?.message?.content))).toBe("object");
});

test("n answers, one prompt: the prompt is counted once", async () => {
  const one = await client.chat.complete({ model: "tiny-chat-1", messages: user(ask), temperature: 0 });
  const three = await client.chat.complete({ model: "tiny-chat-1", messages: user(ask), n: 3, temperature: 0.9 });
  expect(three.choices?.map((choice) => choice.index)).toEqual([0, 1, 2]);
  expect(three.usage.promptTokens).toBe(one.usage.promptTokens);
});

test("the same seed gives the same answer, and stop ends it", async () => {
  const request = { model: "tiny-chat-1", messages: user("Tell me about animals."), temperature: 1, randomSeed: 42 };
  const [first, second] = [await client.chat.complete(request), await client.chat.complete(request)];
  expect(second.choices?.[0]?.message?.content).toBe(first.choices?.[0]?.message?.content);
  const stopped = await client.chat.complete({
    model: "tiny-chat-1",
    messages: user(ask),
    temperature: 0,
    stop: "France",
  });
  expect(stopped.choices?.[0]?.message?.content).not.toContain("France");
});

test("max_tokens cuts, and says so", async () => {
  const answer = await client.chat.complete({ model: "tiny-chat-1", messages: user(ask), maxTokens: 2 });
  expect(answer.choices?.[0]?.finishReason).toBe("length");
  expect(answer.usage.completionTokens).toBe(2);
});

test("fill in the middle, whole and streamed", async () => {
  const answer = await client.fim.complete({ model: "codestral-latest", prompt: "function add(a, b) {", suffix: "}" });
  expect(answer.choices?.[0]?.message?.content).toBeTruthy();
  const pieces: string[] = [];
  for await (const { data } of await client.fim.stream({
    model: "codestral-latest",
    prompt: "function add(a, b) {",
    suffix: "}",
  })) {
    pieces.push(String(data.choices[0]?.delta.content ?? ""));
  }
  expect(pieces.join("").length).toBeGreaterThan(0);
});

test("embeddings come in order, of unit length", async () => {
  const { data, usage } = await client.embeddings.create({ model: "mistral-embed", inputs: ["a counter", "a ledger"] });
  expect(data.map((one) => one.index)).toEqual([0, 1]);
  const length = Math.hypot(...(data[0]?.embedding ?? []));
  expect(length).toBeCloseTo(1, 5);
  expect(usage.promptTokens).toBeGreaterThan(0);
});

test("errors arrive as the client's own errors, with status and words", async () => {
  const stranger = new Mistral({ apiKey: "wrong", serverURL: serverUrl });
  await expect(stranger.models.list()).rejects.toMatchObject({ statusCode: 401 });
  await expect(client.chat.complete({ model: "no-such-model", messages: user("hi") })).rejects.toMatchObject({
    statusCode: 400,
  });
  await expect(
    client.chat.complete({ model: "tiny-chat-1", messages: user("hi"), temperature: 9 }),
  ).rejects.toMatchObject({
    statusCode: 422,
    name: "HTTPValidationError",
  });
});
