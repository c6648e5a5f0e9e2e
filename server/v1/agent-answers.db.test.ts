import { afterAll, afterEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { decimalString, pico } from "#lib/core/money.ts";
import { createAgent } from "#lib/domain/agents/commands.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import type { FakeAnswer, FakeRequest } from "#lib/testing/fake-upstream.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);
afterEach(() => void v1.script.splice(0));

const somebody = await testWorkspace(db);
const key = await keyOf(somebody);
const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  v1.ask(key, method, path, body, headers);

const content = (change: object = {}) => ({ ...emptyContent("small"), ...change });
const published = { message: null, attested: true };
let made = 0;
const anAgent = async (change: object = {}, name = `Helper ${++made}`, ctx = somebody) =>
  createAgent(ctx, { name, content: content(change), source: "api", publish: published });

test("T-4.3-CREATE: an agent's instructions, examples, tools and ways reach its model; the answer and its event name it", async () => {
  const tool = {
    type: "function",
    function: { name: "look_up", description: "Looks up", strict: false, parameters: {} },
  };
  const agent = await anAgent({
    instructions: "You plan travels.",
    examples: [{ input: "Paris?", output: "By train." }],
    tools: [tool],
    completion_args: { temperature: 0.1, max_tokens: 50 },
  });
  const { body, headers } = await ask("POST", "/v1/conversations", { agent_id: agent.id, inputs: "Lyon?" });
  expect(body.outputs[0]).toMatchObject({ agent_id: agent.id, agent_version: 0, model: "small" });
  expect(headers.get("x-agent-version")).toBe("0");
  const asked = v1.lastAsked();
  expect(asked).toMatchObject({ temperature: 0.1, max_tokens: 50, tools: [{ function: { name: "look_up" } }] });
  expect(asked.messages).toEqual([
    { role: "system", content: "You plan travels." },
    { role: "user", content: "Paris?" },
    { role: "assistant", content: "By train." },
    { role: "user", content: "Lyon?" },
  ]);
  const completed = await ask("POST", "/v1/agents/completions", {
    agent_id: agent.id,
    messages: [{ role: "user", content: "Nice?" }],
    max_tokens: 7,
  });
  expect(completed.body).toMatchObject({ object: "chat.completion", model: "small" });
  expect(v1.lastAsked()).toMatchObject({ max_tokens: 7, temperature: 0.1 });
  const counted = await v1.counted(somebody.organizationId);
  expect(counted.slice(-2)).toMatchObject([
    { endpoint: "conversations", agent_id: agent.id, agent_version: 0 },
    { endpoint: "agents", agent_id: agent.id, agent_version: 0 },
  ]);
});

test("a conversation is handed over to another agent: both answer, each is a request with an event of its own", async () => {
  const writer = await anAgent(
    { model: "large", instructions: "You write.", description: "Writes poems" },
    "Poem writer",
  );
  const front = await anAgent({ handoffs: [writer.id] }, "Front desk");
  const handover: FakeAnswer = {
    toolCalls: [{ name: "transfer_to_poem_writer", arguments: "{}" }],
    promptTokens: 5,
    completionTokens: 1,
  };
  v1.script.push(handover);
  const before = (await v1.counted(somebody.organizationId)).length;
  const told = await v1.events(key, "/v1/conversations", { agent_id: front.id, inputs: "A poem, please" });
  expect(told.map(({ event }) => event)).toEqual([
    "conversation.response.started",
    "agent.handoff.started",
    "agent.handoff.done",
    "message.output.delta",
    "message.output.delta",
    "conversation.response.done",
  ]);
  expect(told[2]?.data).toMatchObject({ next_agent_id: writer.id, next_agent_name: "Poem writer" });
  expect(told[3]?.data).toMatchObject({ agent_id: writer.id, model: "large" });
  expect(told.at(-1)?.data.usage).toMatchObject({ prompt_tokens: 15, completion_tokens: 3 });
  const counted = (await v1.counted(somebody.organizationId)).slice(before);
  expect(counted).toMatchObject([
    { agent_id: front.id, model: "small", cost: "8000000" },
    { agent_id: writer.id, model: "large", cost: "16000000" },
  ]);
  expect(told.at(-1)?.data.cost_eur).toBe(decimalString(24_000_000n));
  const { body } = await ask("GET", `/v1/conversations/${told[0]?.data.conversation_id}/history`);
  expect(body.entries.map(({ type }: { type: string }) => type)).toEqual([
    "message.input",
    "agent.handoff",
    "message.output",
  ]);

  v1.script.push(handover);
  const asClient = { agent_id: front.id, inputs: "Again", handoff_execution: "client" };
  const { body: left } = await ask("POST", "/v1/conversations", asClient);
  expect(left.outputs).toMatchObject([{ type: "agent.handoff", next_agent_id: writer.id }]);
});

test("agents that hand over in a circle stop after a while", async () => {
  const one = await anAgent({}, "Ping");
  const two = await anAgent({ handoffs: [one.id] }, "Pong");
  await ask("PATCH", `/v1/agents/${one.id}`, { handoffs: [two.id] });
  const handover = ({ body }: FakeRequest): FakeAnswer => {
    const [tool] = (body.tools as { function: { name: string } }[] | undefined) ?? [];
    return tool ? { toolCalls: [{ name: tool.function.name, arguments: "{}" }] } : { text: ["Enough."] };
  };
  v1.script.push(...Array.from({ length: 20 }, () => handover));
  const { body } = await ask("POST", "/v1/conversations", { agent_id: one.id, inputs: "Go" });
  expect(body.outputs).toHaveLength(9);
  expect(body.outputs.at(-1)).toMatchObject({ content: "Enough." });
});

test("T-4.2.2.2-LIM1: what an agent adds is held too, and a second agent is not asked beyond the limit", async () => {
  const poor = await testWorkspace(db);
  const secret = await keyOf(poor);
  const wordy = await anAgent({ instructions: "Words. ".repeat(2000) }, "Wordy", poor);
  await setWorkspaceLimit(poor, { limit: pico(10_000_000_000n) });
  const refused = await v1.ask(secret, "POST", "/v1/agents/completions", {
    agent_id: wordy.id,
    messages: [{ role: "user", content: "Hi" }],
  });
  expect(refused.status).toBe(402);
  const second = await anAgent({ instructions: "Words. ".repeat(2000) }, "Second", poor);
  const first = await anAgent({ handoffs: [second.id], completion_args: { max_tokens: 100 } }, "First", poor);
  v1.script.push({
    toolCalls: [{ name: "transfer_to_second", arguments: "{}" }],
    promptTokens: 5,
    completionTokens: 1,
  });
  const told = await v1.events(secret, "/v1/conversations", { agent_id: first.id, inputs: "Hi" });
  expect(told.at(-1)).toMatchObject({ event: "conversation.response.error", data: { code: 402 } });
  const counted = await v1.counted(poor.organizationId);
  expect(counted.filter(({ outcome }) => outcome === "answered")).toHaveLength(1);
});

test("T-4.3-TAG: a program that opts in calls an agent by its handle; hidden and unknown handles are text", async () => {
  const agent = await anAgent({ instructions: "Capital facts." }, "Geographer");
  const colleague = await testWorkspace(db, { within: somebody, roles: ["dev"] });
  const hidden = await anAgent({ instructions: "Hidden." }, "Hidden one", colleague);
  await sql`update agents set visibility = 'restricted' where id = ${hidden.id}`;
  const mine = await keyOf(await testWorkspace(db, { within: somebody, roles: ["dev"] }));
  const on = { "x-agent-mentions": "on" };
  const chat = (text: string, headers?: Record<string, string>) =>
    v1.ask(
      mine,
      "POST",
      "/v1/chat/completions",
      { model: "large", messages: [{ role: "user", content: text }] },
      headers,
    );
  const called = await chat("@Geographer what is the capital of France ?", on);
  expect(called.headers.get("x-agent-id")).toBe(agent.id);
  expect(v1.lastAsked()).toMatchObject({
    model: "small",
    messages: [
      { role: "system", content: "Capital facts." },
      { role: "user", content: "what is the capital of France ?" },
    ],
  });
  for (const [text, headers] of [
    ["@Geographer what is it?", undefined],
    ["@hidden-one what is it?", on],
    ["@nobody what is it?", on],
    ["Write to me@geographer or `@geographer`", on],
  ] as const) {
    const plain = await chat(text, headers);
    expect(plain.headers.get("x-agent-id")).toBeNull();
    expect(v1.lastAsked()).toMatchObject({ model: "large", messages: [{ role: "user", content: text }] });
  }
  const { body } = await v1.ask(
    mine,
    "POST",
    "/v1/conversations",
    { model: "large", inputs: "@hidden-one or @geographer?" },
    on,
  );
  expect(body.outputs[0]).toMatchObject({ agent_id: agent.id });
  const { body: next } = await v1.ask(
    mine,
    "POST",
    `/v1/conversations/${body.conversation_id}`,
    { inputs: "And you?" },
    on,
  );
  expect(next.outputs[0]).toMatchObject({ agent_id: null, model: "large" });
});

test("T-4.3-SHARE3, T-4.3-DEL1: a conversation with an agent that is not shared any more, or is gone, says so and keeps its text", async () => {
  const owner = await testWorkspace(db, { within: somebody, roles: ["dev"] });
  const agent = await anAgent({}, "Leaving", owner);
  const mine = await keyOf(await testWorkspace(db, { within: somebody, roles: ["dev"] }));
  const { body } = await v1.ask(mine, "POST", "/v1/conversations", { agent_id: agent.id, inputs: "Hello" });
  const path = `/v1/conversations/${body.conversation_id}`;
  await sql`update agents set visibility = 'restricted' where id = ${agent.id}`;
  const hidden = await v1.ask(mine, "POST", path, { inputs: "Still there?" });
  expect(hidden).toMatchObject({ status: 404, body: { type: "agent_not_found" } });
  await sql`update agents set visibility = 'workspace' where id = ${agent.id}`;
  await v1.ask(await keyOf(owner), "DELETE", `/v1/agents/${agent.id}`);
  const gone = await v1.ask(mine, "POST", path, { inputs: "Still there?" });
  expect(gone).toMatchObject({ status: 404, body: { type: "agent_deleted" } });
  expect(gone.body.message).toContain("Leaving");
  expect((await v1.ask(mine, "GET", `${path}/messages`)).body.messages).toHaveLength(2);
});

test("T-4.2.2.2-ZDR4: under zero retention what would be kept is refused, and nothing of a chat is kept", async () => {
  const quiet = await testWorkspace(db);
  const secret = await keyOf(quiet);
  const agent = await anAgent({}, "Before", quiet);
  const { body: before } = await v1.ask(secret, "POST", "/v1/conversations", { model: "small", inputs: "Before" });
  await sql`update organizations set zero_retention_since = now() where id = ${quiet.organizationId}`;
  await expect.poll(async () => (await v1.ask(secret, "GET", "/v1/conversations")).status).toBe(403);
  const tries: [string, string, unknown?][] = [
    ["POST", "/v1/conversations", { model: "small", inputs: "canary-7f3a" }],
    ["POST", "/v1/conversations", { model: "small", inputs: "canary-7f3a", store: false }],
    ["POST", `/v1/conversations/${before.conversation_id}`, { inputs: "canary-7f3a" }],
    ["GET", `/v1/conversations/${before.conversation_id}/history`],
    ["POST", "/v1/agents", { model: "small", name: "canary-7f3a" }],
    ["GET", "/v1/agents"],
    ["POST", "/v1/agents/completions", { agent_id: agent.id, messages: [{ role: "user", content: "canary-7f3a" }] }],
  ];
  for (const [method, path, sent] of tries) {
    expect(await v1.ask(secret, method, path, sent), path).toMatchObject({
      status: 403,
      body: { type: "zdr_incompatible" },
    });
  }
  const asked = { model: "small", messages: [{ role: "user", content: "canary-7f3a" }] };
  const mentioning = await v1.ask(secret, "POST", "/v1/chat/completions", asked, { "x-agent-mentions": "on" });
  expect(mentioning.body.type).toBe("zdr_incompatible");
  expect((await v1.ask(secret, "POST", "/v1/chat/completions", asked)).status).toBe(200);
  await v1.plane.meter.settled();
  const [kept] = await sql`select count(*)::int as rows from contents where organization_id = ${quiet.organizationId}
    and request_ids && (select array_agg(id) from usage_events where organization_id = ${quiet.organizationId}
      and clause = 'T-4.2.2.2-ZDR4')`;
  expect(kept?.rows).toBe(0);
});
