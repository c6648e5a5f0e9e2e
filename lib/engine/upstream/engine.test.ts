import { afterEach, describe, expect, test } from "vitest";
import type { Delta, Engine } from "#lib/engine/port/port.ts";
import { bounds, chatRequest, fimRequest, never } from "#lib/testing/engine-requests.ts";
import { type FakeUpstream, type FakeUpstreamOptions, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import type { UpstreamConfig } from "./config.ts";
import { createUpstreamEngine } from "./engine.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function open(
  options: FakeUpstreamOptions = {},
  config: Partial<UpstreamConfig> = {},
): Promise<{ engine: Engine; fake: FakeUpstream }> {
  const fake = await startFakeUpstream(options);
  const engine = createUpstreamEngine({ id: "fake", url: fake.url, timeoutMs: 60_000, ...config });
  opened.push(engine, fake);
  return { engine, fake };
}

async function deltasOf(stream: AsyncIterable<Delta>): Promise<Delta[]> {
  const deltas: Delta[] = [];
  for await (const delta of stream) deltas.push(delta);
  return deltas;
}

const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: { type: "object" } } }];
const weather = { name: "get_weather", arguments: '{"city":"Paris"}' };
const schema = {
  type: "json_schema" as const,
  json_schema: { name: "answer", schema: { type: "object" }, description: null },
};

describe("what is sent", () => {
  test("fields are spelled as OpenAI-compatible servers expect, and nothing else travels", async () => {
    const { engine, fake } = await open({}, { apiKey: "secret", headers: { "x-tenant": "one" } });
    const request = chatRequest("Hi", {
      sampling: { seed: 7, topP: 0.5, maxTokens: 9, stop: ["END"] },
      tools,
      toolChoice: "any",
      extras: {
        reasoning_effort: "low",
        user: "u1",
        safe_prompt: true,
        guardrails: [],
        prompt_mode: "reasoning",
        service_tier: "auto",
      },
    });
    await engine.complete(request, never());
    expect(fake.requests[0]?.path).toBe("/v1/chat/completions");
    expect(fake.requests[0]?.headers).toMatchObject({ authorization: "Bearer secret", "x-tenant": "one" });
    expect(fake.requests[0]?.body).toEqual({
      model: "model-1",
      messages: [{ role: "user", content: "Hi" }],
      reasoning_effort: "low",
      tools,
      tool_choice: "required",
      seed: 7,
      top_p: 0.5,
      max_tokens: 9,
      stop: ["END"],
      stream: false,
    });
  });

  test("a named function, a schema and usage in streams are asked for in their way", async () => {
    const { engine, fake } = await open({ answer: { text: ["{}"] } });
    const request = chatRequest("Hi", {
      tools,
      toolChoice: { name: "get_weather" },
      parallelToolCalls: false,
      responseFormat: schema,
    });
    await deltasOf(await engine.stream(request, never()));
    expect(fake.requests[0]?.body).toMatchObject({
      tool_choice: { type: "function", function: { name: "get_weather" } },
      parallel_tool_calls: false,
      response_format: { type: "json_schema", json_schema: { name: "answer", schema: { type: "object" } } },
      stream_options: { include_usage: true },
    });
  });

  test("calls and answers of a customer's history keep ids that fit each other", async () => {
    const { engine, fake } = await open();
    const call = { function: { name: "get_weather", arguments: { city: "Paris" } } };
    await engine.complete(
      chatRequest("", {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "one" },
              { type: "text", text: "two" },
            ],
          },
          { role: "assistant", content: "", tool_calls: [{ ...call, id: "abcdefgh1" }, call] },
          { role: "tool", content: "sunny", tool_call_id: "abcdefgh1" },
          { role: "tool", content: "rainy" },
        ],
      }),
      never(),
    );
    const messages = fake.requests[0]?.body.messages;
    const sent = { type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } };
    expect(messages).toEqual([
      { role: "user", content: "one\ntwo" },
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { ...sent, id: "abcdefgh1" },
          { ...sent, id: "call00001" },
        ],
      },
      { role: "tool", content: "sunny", tool_call_id: "abcdefgh1" },
      { role: "tool", content: "rainy", tool_call_id: "call00001" },
    ]);
  });

  test("what was thought goes back only to an upstream that takes it, whichever way it was written", async () => {
    const chunk = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
    const messages = [
      { role: "user" as const, content: "Weather?" },
      { role: "assistant" as const, content: "Sunny.", reasoning_content: "Hm." },
      { role: "assistant" as const, content: [chunk, { type: "text", text: "Sunny." }] },
      { role: "user" as const, content: "And now?", reasoning_content: "mine" },
    ];
    const plain = { role: "assistant", content: "Sunny." };
    for (const reasoning of [true, false]) {
      const { engine, fake } = await open({}, { features: { reasoning } });
      await engine.complete(chatRequest("", { messages }), never());
      const said = reasoning ? { ...plain, reasoning_content: "Hm." } : plain;
      expect(fake.requests[0]?.body.messages).toEqual([
        { role: "user", content: "Weather?" },
        said,
        said,
        { role: "user", content: "And now?" },
      ]);
    }
  });

  test("a gap is asked for with prompt and suffix", async () => {
    const { engine, fake } = await open({ answer: { text: ["return a"] } });
    const { choices } = await engine.complete(fimRequest("def f(a):", "\n"), never());
    expect(fake.requests[0]).toMatchObject({ path: "/v1/completions", body: { prompt: "def f(a):", suffix: "\n" } });
    expect(choices[0]?.message.content).toBe("return a");
    const deltas = await deltasOf(await engine.stream(fimRequest("def f(a):", ""), never()));
    expect(deltas).toEqual([
      { index: 0, content: "return a", finish: null },
      { index: 0, finish: "stop" },
    ]);
  });
});

describe("what comes back", () => {
  test("an answer is the port's answer", async () => {
    const { engine } = await open({ answer: { cachedTokens: 4 } });
    expect(await engine.complete(chatRequest("Hi"), never())).toEqual({
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello there.", tool_calls: null, prefix: false },
          finish_reason: "stop",
        },
      ],
      usage: { promptTokens: 11, cachedTokens: 4, completionTokens: 7 },
    });
  });

  test.each([
    [null, "stop"],
    ["length", "length"],
    ["abort", "error"],
  ] as const)("the finish reason %s means %s", async (finish, expected) => {
    const { engine } = await open({ answer: { finish } });
    expect((await engine.complete(chatRequest("Hi"), never())).choices[0]?.finish_reason).toBe(expected);
    expect((await deltasOf(await engine.stream(chatRequest("Hi"), never()))).at(-1)?.finish).toBe(expected);
  });

  test.each(["vllm", "ollama", "llamacpp"] as const)(
    "a stream of %s has text, one end, and usage aside",
    async (style) => {
      const { engine } = await open({ style, answer: { text: ["Hé", "llo 🌊"] } });
      const stream = await engine.stream(chatRequest("Hi"), never());
      expect(await deltasOf(stream)).toEqual([
        { index: 0, content: "Hé", finish: null },
        { index: 0, content: "llo 🌊", finish: null },
        { index: 0, finish: "stop" },
      ]);
      expect(stream.usage()).toEqual({ promptTokens: 11, cachedTokens: 0, completionTokens: 7 });
    },
  );

  test.each(["vllm", "ollama", "llamacpp"] as const)(
    "tool calls of %s arrive whole, with ids of nine characters",
    async (style) => {
      const { engine } = await open({ style, answer: { toolCalls: [weather, { ...weather, id: "AAAAbbbb1" }] } });
      const deltas = await deltasOf(await engine.stream(chatRequest("Hi", { tools }), never()));
      const last = deltas.slice(-2);
      expect(last[0]?.toolCalls?.map(({ index, function: called }) => ({ index, ...called }))).toEqual([
        { index: 0, ...weather },
        { index: 1, ...weather },
      ]);
      expect(last[0]?.toolCalls?.[0]?.id).toMatch(/^[a-zA-Z0-9]{9}$/);
      expect(last[0]?.toolCalls?.[1]?.id).toBe("AAAAbbbb1");
      expect(last[1]?.finish).toBe("tool_calls");
      // What came before is a preview of the same calls.
      const previews = deltas.slice(0, -2).flatMap(({ pieces = [] }) => pieces);
      for (const { index, id, function: called } of last[0]?.toolCalls ?? []) {
        const own = previews.filter((piece) => piece.index === index);
        expect(own[0]).toMatchObject({ id, name: weather.name });
        expect(own.map((piece) => piece.arguments).join("")).toBe(called.arguments);
      }
      const { choices } = await engine.complete(chatRequest("Hi", { tools }), never());
      expect(choices[0]).toMatchObject({
        finish_reason: "tool_calls",
        message: { content: null, tool_calls: [{ function: weather }, {}] },
      });
    },
  );

  test("billing 36: usage an upstream does not tell is estimated, in both kinds of answer", async () => {
    const { engine } = await open({ answer: { withoutUsage: true, text: ["12345678", "12345678"] } });
    const usage = { promptTokens: 4 + 3, cachedTokens: 0, completionTokens: 4, estimated: true };
    expect((await engine.complete(chatRequest("123456789012"), never())).usage).toEqual(usage);
    const stream = await engine.stream(chatRequest("123456789012"), never());
    await deltasOf(stream);
    expect(stream.usage()).toEqual(usage);
  });

  test("text that is no JSON where JSON was asked for ends with an error", async () => {
    const { engine } = await open({ answer: { text: ['{"a":', "oops"] } });
    const request = chatRequest("Hi", { responseFormat: schema });
    expect((await engine.complete(request, never())).choices[0]?.finish_reason).toBe("error");
    expect((await deltasOf(await engine.stream(request, never()))).at(-1)?.finish).toBe("error");
  });

  test("several choices are asked for one by one where the upstream knows no n, and the prompt counts once", async () => {
    const { engine, fake } = await open({ style: "ollama", answer: (_, count) => ({ text: [`answer ${count}`] }) });
    const request = chatRequest("Hi", { n: 3, sampling: { seed: 5 } });
    const { choices, usage } = await engine.complete(request, never());
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(usage).toEqual({ promptTokens: 11, cachedTokens: 0, completionTokens: 21 });
    expect(fake.requests.map(({ body }) => body.seed).sort()).toEqual([5, 6, 7]);
    const stream = await engine.stream(request, never());
    const deltas = await deltasOf(stream);
    expect(
      deltas
        .filter(({ finish }) => finish)
        .map(({ index }) => index)
        .sort(),
    ).toEqual([0, 1, 2]);
    expect(stream.usage()).toEqual(usage);
  });

  test("several choices are one request where the upstream knows n", async () => {
    const { engine, fake } = await open({}, { features: { n: true } });
    expect((await engine.complete(chatRequest("Hi", { n: 2 }), never())).choices).toHaveLength(2);
    expect(fake.requests).toHaveLength(1);
  });

  test("embeddings need neither an id nor usage", async () => {
    const { engine, fake } = await open({ style: "ollama", answer: { withoutUsage: true } });
    const answer = await engine.embed(
      { model: "embed-1", inputs: ["12345678", "1234"], dimensions: 3, bounds },
      never(),
    );
    expect(answer).toEqual({
      vectors: [
        [0, 0.5, 0.25],
        [1, 0.5, 0.25],
      ],
      promptTokens: 3,
      estimated: true,
    });
    expect(fake.requests[0]?.body).toEqual({
      model: "embed-1",
      input: ["12345678", "1234"],
      dimensions: 3,
      encoding_format: "float",
    });
  });

  test("an answer without choices or vectors is no answer", async () => {
    const { engine } = await open({ answer: { raw: { object: "nonsense" } } });
    await expect(engine.complete(chatRequest("Hi"), never())).rejects.toMatchObject({ problem: "unavailable" });
    await expect(engine.embed({ model: "m", inputs: ["a"], bounds }, never())).rejects.toMatchObject({
      problem: "unavailable",
    });
  });
});
