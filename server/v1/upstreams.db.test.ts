import { Mistral } from "@mistralai/mistralai";
import OpenAI from "openai";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { upstreamsSeen } from "#lib/domain/models/upstreams/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1, unlimited } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);
beforeEach(() => {
  v1.script.length = 0;
});
const ctx = await testWorkspace(db);
const secret = await keyOf(ctx, unlimited);
const messages = [{ role: "user" as const, content: "Hello, what is the weather?" }];
const path = "/v1/chat/completions";
const weather = { name: "weather", arguments: '{"city":"Paris"}' };

/** The last request of the customer as it was counted. */
async function lastEvent() {
  await v1.plane.meter.settled();
  const [event] =
    await sql`select prompt_tokens, completion_tokens, cached_tokens, estimated, status, outcome, streamed,
    end_user, requested_model, model, cost_pico = (prompt_tokens - cached_tokens) * input_micros
      + cached_tokens * cached_input_micros + completion_tokens * output_micros - waived_pico as adds_up
    from usage_events where organization_id = ${ctx.organizationId} order by id desc limit 1`;
  return event;
}

async function streamOf(
  body: object,
  headers?: Record<string, string>,
): Promise<{ text: string; chunks: Chunk[]; headers: Headers }> {
  const response = await v1.send(secret, "POST", path, { model: "small", messages, stream: true, ...body }, headers);
  const text = await response.text();
  const data = text.split("\n\n").filter((event) => event.startsWith("data: {"));
  return { text, chunks: data.map((event) => JSON.parse(event.slice(6))), headers: response.headers };
}

type Delta = {
  content?: unknown;
  reasoning_content?: string;
  tool_calls?: { id?: string; index: number; function: { name?: string; arguments: string } }[];
};
type Chunk = { choices: { delta: Delta; finish_reason: string | null }[] };
const deltasOf = (chunks: Chunk[]): Delta[] => chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));

test.each([true, false])(
  "what an upstream counts is billed as far as the request could have taken it (streamed: %s)",
  async (stream) => {
    for (const absurd of [3_000_000_000, 1e15, 1e300, 4000]) {
      v1.script.push({
        text: ["Hello", " there."],
        promptTokens: absurd,
        completionTokens: absurd,
        cachedTokens: absurd,
      });
      const body = { model: "small", messages, max_tokens: 50, stream };
      const response = await v1.send(secret, "POST", path, body);
      await response.text();
      const most = Buffer.byteLength(JSON.stringify(body)) + 64;
      expect(await lastEvent()).toMatchObject({
        prompt_tokens: most,
        cached_tokens: most,
        completion_tokens: 50,
        adds_up: true,
      });
    }
    // And neither limits nor rates hold it against the customer.
    const after = await v1.ask(secret, "POST", path, { model: "small", messages });
    expect(after.status).toBe(200);
    await v1.plane.meter.settled();
    expect(Number((await sql`select count(*) from usage_journal`)[0]?.count)).toBe(0);
    const operator = { ...systemContext("test"), db };
    expect((await verify(operator)).filter(({ violations }) => violations > 0)).toEqual([]);
  },
);

test.each([true, false])(
  "billing 36: embeddings and answers without counts are estimated, and say so (streamed: %s)",
  async (stream) => {
    v1.script.push({ text: ["x".repeat(64)], promptTokens: 0, completionTokens: 0 });
    await (await v1.send(secret, "POST", path, { model: "small", messages, stream })).text();
    expect(await lastEvent()).toMatchObject({
      completion_tokens: 16,
      prompt_tokens: 4 + 7,
      estimated: true,
      adds_up: true,
    });
    v1.script.push({ text: ["x".repeat(64)] });
    await (await v1.send(secret, "POST", path, { model: "small", messages, stream })).text();
    expect(await lastEvent()).toMatchObject({ completion_tokens: 7, prompt_tokens: 11, estimated: false });
  },
);

test("thinking reaches each client in its dialect, whole and streamed", async () => {
  const thinks = { thinking: ["Hm", "."], text: ["Sunny", "."] };
  const mistral = { "user-agent": "mistral-client-python/1.9.0" };
  const chunk = (text: string) => ({ type: "thinking", thinking: [{ type: "text", text }] });
  v1.script.push(thinks, thinks, thinks, thinks);
  const plain = await v1.ask(secret, "POST", path, { model: "small", messages });
  expect(plain.body.choices[0].message).toMatchObject({ content: "Sunny.", reasoning_content: "Hm." });
  const chunks = await v1.ask(secret, "POST", path, { model: "small", messages }, mistral);
  expect(chunks.body.choices[0].message.content).toEqual([chunk("Hm."), { type: "text", text: "Sunny." }]);
  const streamed = deltasOf((await streamOf({})).chunks);
  expect(streamed.map(({ reasoning_content = "" }) => reasoning_content).join("")).toBe("Hm.");
  expect(streamed.map(({ content }) => content).join("")).toBe("Sunny.");
  const asChunks = deltasOf((await streamOf({}, mistral)).chunks);
  expect(asChunks.map(({ content }) => content)).toEqual([[chunk("Hm")], [chunk(".")], "Sunny", ".", ""]);
});

test("a conversation tells what is thought as it comes, and bills it, but keeps what is said", async () => {
  v1.script.push({ thinking: ["Hm."], text: ["Sunny."], withoutUsage: true });
  const told = await v1.events(secret, "/v1/conversations", { model: "small", inputs: "Weather?" });
  const pieces = told
    .filter(({ event }) => event === "message.output.delta")
    .map(({ data }) => [data.output_index, data.content]);
  expect(pieces).toEqual([
    [0, { type: "thinking", thinking: [{ type: "text", text: "Hm." }] }],
    [0, "Sunny."],
  ]);
  expect(await lastEvent()).toMatchObject({ completion_tokens: 3, estimated: true });
  const id = told[0]?.data.conversation_id;
  const { body } = await v1.ask(secret, "GET", `/v1/conversations/${id}/history`);
  expect(body.entries.at(-1)).toMatchObject({ type: "message.output", content: "Sunny." });
});

test("calls come piece by piece where the client puts them together, and whole where it does not", async () => {
  v1.script.push({ toolCalls: [weather, weather] }, { toolCalls: [weather, weather] });
  const whole = deltasOf((await streamOf({})).chunks).flatMap(({ tool_calls = [] }) => tool_calls);
  expect(whole.map(({ index, function: called }) => ({ index, ...called }))).toEqual([
    { index: 0, ...weather },
    { index: 1, ...weather },
  ]);
  const pieces = deltasOf((await streamOf({ stream_options: { include_usage: true } })).chunks).flatMap(
    ({ tool_calls = [] }) => tool_calls,
  );
  expect(pieces.length).toBeGreaterThan(2);
  for (const at of [0, 1]) {
    const own = pieces.filter(({ index }) => index === at);
    expect(own[0]).toMatchObject({
      id: expect.stringMatching(/^\w{9}$/),
      type: "function",
      function: { name: "weather" },
    });
    expect(own.slice(1).every(({ id, function: { name } }) => id === undefined && name === undefined)).toBe(true);
    expect(own.map(({ function: called }) => called.arguments).join("")).toBe(weather.arguments);
  }
});

test("the openai client puts the pieces together", async () => {
  v1.script.push({ thinking: ["Hm."], toolCalls: [weather, weather], finish: "tool_calls" });
  const client = new OpenAI({ apiKey: secret, baseURL: `http://127.0.0.1:${v1.port}/v1`, maxRetries: 0 });
  const answer = await client.chat.completions.stream({ model: "small", messages }).finalChatCompletion();
  expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
  expect(answer.choices[0]?.message.tool_calls?.map((call) => call.type === "function" && call.function)).toMatchObject(
    [weather, weather],
  );
});

test("Mistral's client reads thoughts as chunks, calls whole, and an end by a filter", async () => {
  v1.script.push(
    { thinking: ["Hm."], toolCalls: [weather, weather] },
    { thinking: ["Hm."], text: ["No."], finish: "content_filter" },
  );
  const client = new Mistral({ apiKey: secret, serverURL: `http://127.0.0.1:${v1.port}` });
  const contents: unknown[] = [];
  const calls: unknown[] = [];
  for await (const { data } of await client.chat.stream({ model: "small", messages })) {
    const [choice] = data.choices;
    if (choice?.delta.content) contents.push(choice.delta.content);
    calls.push(...(choice?.delta.toolCalls ?? []));
  }
  const thought = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
  expect(contents).toMatchObject([[thought]]);
  expect(calls).toMatchObject([{ function: weather }, { function: weather }]);
  const answer = await client.chat.complete({ model: "small", messages });
  expect(answer.choices[0]).toMatchObject({
    finishReason: "content_filter",
    message: { content: [thought, { type: "text", text: "No." }] },
  });
});

test.each([
  [path, { messages }],
  ["/v1/completions", { prompt: "Hello" }],
])(
  "a stream of %s begins before its first delta, asks proxies not to hold it, and keeps alive in silence",
  async (address, asked) => {
    v1.script.push({ failure: "hang-in-stream", failAfter: 0 });
    const leaving = new AbortController();
    const response = await fetch(`http://127.0.0.1:${v1.port}${address}`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "small", ...asked, stream: true }),
      signal: leaving.signal,
    });
    expect([response.status, response.headers.get("x-accel-buffering")]).toEqual([200, "no"]);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe(": ping\n\n");
    leaving.abort();
    await vi.waitUntil(async () => (await lastEvent())?.status === 499);
  },
  20_000,
);

test("billing 35: a client that leaves in the middle of a stream pays for its prompt and what was said until then", async () => {
  v1.script.push({ text: ["12345678", "12345678", "12345678", "12345678"], failure: "hang-in-stream", failAfter: 2 });
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${v1.port}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "small", messages, stream: true }),
    signal: leaving.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let seen = ""; seen.split("12345678").length < 3; ) seen += (await reader?.read())?.value ?? "";
  leaving.abort();
  await expect.poll(lastEvent).toMatchObject({
    ...{ status: 499, outcome: "aborted", streamed: true, estimated: true, adds_up: true },
    ...{ prompt_tokens: 4 + 7, completion_tokens: 4 },
  });
});

test("a stream that breaks off before it said anything ends with an error and costs nothing", async () => {
  v1.script.push({ silenceMs: 1500, failure: "error-in-stream", failAfter: 0 });
  const { text, headers } = await streamOf({});
  expect(headers.get("content-type")).toContain("text/event-stream");
  expect(text).toContain("cannot answer right now");
  expect(text).not.toContain("[DONE]");
  expect(await lastEvent()).toMatchObject({
    prompt_tokens: 0,
    completion_tokens: 0,
    outcome: "failed",
    streamed: true,
  });
});

test("requests that are refused or fail are logged with what they asked, as whom, and how", async () => {
  const body = { user: "customer-7", stream: true, messages };
  await (await v1.send(secret, "POST", path, { ...body, model: "none" })).text();
  await vi.waitFor(async () =>
    expect(await lastEvent()).toMatchObject({
      // T-4.2.2.2-ZDR4: a name no model has could be anything, so it is not kept.
      requested_model: "unknown",
      model: "unknown",
      streamed: true,
      end_user: "customer-7",
      outcome: "refused",
    }),
  );
  v1.script.push({ status: 500 });
  await (await v1.send(secret, "POST", path, { ...body, model: "large" })).text();
  await vi.waitFor(async () =>
    expect(await lastEvent()).toMatchObject({
      requested_model: "large",
      model: "large",
      streamed: true,
      end_user: "customer-7",
      outcome: "failed",
    }),
  );
});

test("staff see how each process finds its upstreams", async () => {
  const staff = { ...systemContext("test"), db };
  const desk = { ...staff, actor: { ...staff.actor, permissions: new Set(["upstreams.read"] as const) } };
  const seen = async () => (await upstreamsSeen(desk)).map(({ upstream, model, state }) => [upstream, model, state]);
  await expect.poll(seen).toEqual([
    ["fake", "large", "closed"],
    ["fake", "small", "closed"],
  ]);
  v1.script.push(...Array.from({ length: 10 }, () => ({ status: 500 })));
  for (let i = 0; i < 5; i++) await (await v1.send(secret, "POST", path, { model: "large", messages })).text();
  v1.script.length = 0;
  await expect.poll(seen).toContainEqual(["fake", "large", "open"]);
  const metrics = await (await fetch(`http://127.0.0.1:${v1.port}/metrics`)).text();
  expect(metrics).toContain('comptoir_upstream_state{upstream="fake",model="large",state="open"} 1');
  expect(metrics).toMatch(/comptoir_upstream_implausible_usage_total\{upstream="fake",kind="completion"\} [1-9]/);
});
