import { afterAll, afterEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { decimalString } from "#lib/core/money.ts";
import { createKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1, unlimited } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);
afterEach(() => void v1.script.splice(0));

const somebody = await testWorkspace(db);
const key = await keyOf(somebody);
const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  v1.ask(key, method, path, body, headers);

test("a conversation with a model is kept, goes on with all that was said, and costs what its events say", async () => {
  const started = await ask("POST", "/v1/conversations", {
    model: "small",
    inputs: "Who are you?",
    instructions: "Be short.",
    completion_args: { temperature: 0.3 },
    name: "First",
  });
  expect(started.status).toBe(200);
  const { conversation_id: id, outputs, usage, cost_eur } = started.body;
  expect(id).toMatch(/^conv_[0-9a-f]{32}$/);
  expect(outputs).toMatchObject([
    { type: "message.output", role: "assistant", content: "Hello there.", model: "small" },
  ]);
  expect(usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 });
  expect(cost_eur).toBe(decimalString(16_000_000n));
  expect(v1.lastAsked()).toMatchObject({
    temperature: 0.3,
    messages: [
      { role: "system", content: "Be short." },
      { role: "user", content: "Who are you?" },
    ],
  });
  await ask("POST", `/v1/conversations/${id}`, { inputs: "And now?" });
  expect(v1.lastAsked().messages.slice(1)).toEqual([
    { role: "user", content: "Who are you?" },
    { role: "assistant", content: "Hello there." },
    { role: "user", content: "And now?" },
  ]);
  const { body: history } = await ask("GET", `/v1/conversations/${id}/history`);
  expect(history.entries.map(({ type }: { type: string }) => type)).toEqual([
    "message.input",
    "message.output",
    "message.input",
    "message.output",
  ]);
  const counted = (await v1.counted(somebody.organizationId)).filter(({ endpoint }) => endpoint === "conversations");
  expect(counted.map(({ cost }) => cost)).toEqual(["16000000", "16000000"]);
});

test("a streamed turn has named events in their order, and what it says is what is kept", async () => {
  const told = await v1.events(key, "/v1/conversations", { model: "small", inputs: "Hi" });
  expect(told.every(({ event, data }) => event === data.type)).toBe(true);
  expect(told.map(({ event }) => event)).toEqual([
    "conversation.response.started",
    "message.output.delta",
    "message.output.delta",
    "conversation.response.done",
  ]);
  expect(told.at(-1)?.data).toMatchObject({ usage: { total_tokens: 12 }, cost_eur: "0.000016" });
  const id = told[0]?.data.conversation_id;
  const { body } = await ask("GET", `/v1/conversations/${id}/messages`);
  expect(body.messages.at(-1)).toMatchObject({ content: "Hello there.", id: told[1]?.data.id });
});

test("a function is called, its result goes back, and one without a result is said to be missing", async () => {
  const call = { name: "look_up", arguments: '{"city":"Lyon"}' };
  const tool = { type: "function", function: { name: "look_up", parameters: { type: "object" } } };
  v1.script.push({ toolCalls: [call, { ...call, name: "look_up" }] });
  const first = await ask("POST", "/v1/conversations", { model: "small", inputs: "Weather?", tools: [tool] });
  const [one, two] = first.body.outputs;
  expect(one).toMatchObject({ type: "function.call", name: "look_up", arguments: '{"city":"Lyon"}' });
  await ask("POST", `/v1/conversations/${first.body.conversation_id}`, {
    inputs: [{ type: "function.result", tool_call_id: one.tool_call_id, result: "Rain." }],
  });
  const said = v1.lastAsked().messages as {
    role: string;
    content: string;
    tool_calls?: unknown[];
    tool_call_id?: string;
  }[];
  expect(said.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool"]);
  expect(said[1]?.tool_calls).toHaveLength(2);
  expect(said[2]).toMatchObject({ tool_call_id: one.tool_call_id, content: "Rain." });
  expect(said[3]).toMatchObject({ tool_call_id: two.tool_call_id, content: "No result was given." });
});

test("restarting copies what was said up to an entry into a new conversation, and leaves the old one as it was", async () => {
  const { body } = await ask("POST", "/v1/conversations", { model: "small", inputs: "One" });
  const { conversation_id: id, outputs } = body;
  await ask("POST", `/v1/conversations/${id}`, { inputs: "Two" });
  const restarted = await ask("POST", `/v1/conversations/${id}/restart`, {
    from_entry_id: outputs[0].id,
    inputs: "Three",
  });
  expect(restarted.body.conversation_id).not.toBe(id);
  expect(v1.lastAsked().messages).toEqual([
    { role: "user", content: "One" },
    { role: "assistant", content: "Hello there." },
    { role: "user", content: "Three" },
  ]);
  const { body: old } = await ask("GET", `/v1/conversations/${id}/history`);
  expect(old.entries).toHaveLength(4);
  const again = await ask("POST", `/v1/conversations/${id}/restart`, { from_entry_id: old.entries[2].id });
  expect(again.body.outputs).toHaveLength(1);
  expect(v1.lastAsked().messages.at(-1)).toEqual({ role: "user", content: "Two" });
  expect((await ask("POST", `/v1/conversations/${id}/restart`, { from_entry_id: "msg_none" })).body.type).toBe(
    "entry_not_found",
  );
});

test("what is not to be stored cannot be read afterwards, and a deleted conversation stays deleted", async () => {
  const unkept = await ask("POST", "/v1/conversations", { model: "small", inputs: "Secret", store: false });
  expect(unkept.status).toBe(200);
  expect((await ask("GET", `/v1/conversations/${unkept.body.conversation_id}`)).status).toBe(404);
  const kept = await ask("POST", "/v1/conversations", { model: "small", inputs: "Kept" });
  const path = `/v1/conversations/${kept.body.conversation_id}`;
  await ask("POST", path, { inputs: "Not this", store: false });
  expect((await ask("GET", `${path}/history`)).body.entries).toHaveLength(2);
  let remove: Promise<unknown> = Promise.resolve();
  v1.script.push(() => {
    remove = ask("DELETE", path);
    return { delayMs: 300, text: ["Late."] };
  });
  const late = await ask("POST", path, { inputs: "Meanwhile" });
  await remove;
  expect(late.status).toBe(404);
  expect((await ask("GET", path)).status).toBe(404);
  expect(await sql`select from conversation_entries where conversation_id = ${kept.body.conversation_id}`).toHaveLength(
    0,
  );
});

test("two turns at once are both kept, each whole", async () => {
  const { body } = await ask("POST", "/v1/conversations", { model: "small", inputs: "Start" });
  const path = `/v1/conversations/${body.conversation_id}`;
  await Promise.all([1, 2, 3, 4].map((number) => ask("POST", path, { inputs: `Number ${number}` })));
  const { body: history } = await ask("GET", `${path}/history`);
  const said = history.entries.map(({ content }: { content: string }) => content);
  expect(said).toHaveLength(10);
  expect(said.filter((text: string) => text.startsWith("Number")).toSorted()).toEqual(
    [1, 2, 3, 4].map((n) => `Number ${n}`),
  );
  expect(said.slice(2).every((text: string, at: number) => (text === "Hello there.") === (at % 2 === 1))).toBe(true);
});

test("T-4.3-OWN: conversations are their owner's alone, through every key of theirs and no other", async () => {
  const { body } = await ask("POST", "/v1/conversations", { model: "small", inputs: "Mine" });
  const path = `/v1/conversations/${body.conversation_id}`;
  expect((await v1.ask(await keyOf(somebody), "GET", path)).status).toBe(200);
  const colleague = await keyOf(await testWorkspace(db, { within: somebody }));
  const service = await keyOf(somebody, { isService: true });
  const stranger = await keyOf(await testWorkspace(db));
  for (const other of [colleague, service, stranger]) {
    expect((await v1.ask(other, "GET", path)).status).toBe(404);
    expect((await v1.ask(other, "POST", path, { inputs: "Let me in" })).status).toBe(404);
    expect((await v1.ask(other, "DELETE", path)).status).toBe(404);
    expect((await v1.ask(other, "GET", "/v1/conversations")).body).toEqual([]);
  }
});

test("a client that stops keeps what was written until then, and pays for it", async () => {
  v1.script.push({ text: ["One ", "two ", "three ", "four "], paceMs: 100, promptTokens: 10, completionTokens: 4 });
  const abort = new AbortController();
  const response = await fetch(`http://127.0.0.1:${v1.port}/v1/conversations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "small", inputs: "Count", stream: true }),
    signal: abort.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("One")) text += (await reader?.read())?.value ?? "";
  abort.abort();
  const id = /"conversation_id":"(\w+)"/.exec(text)?.[1];
  const kept = await expect
    .poll(async () => (await ask("GET", `/v1/conversations/${id}/messages`)).body.messages?.at(-1)?.content)
    .toMatch(/^One /);
  void kept;
  expect((await v1.counted(somebody.organizationId)).at(-1)).toMatchObject({ outcome: "aborted", status: 499 });
});

test("an answer that breaks off is told as an event, billed as far as it came, and not kept", async () => {
  v1.script.push({ text: ["Half ", "of ", "it"], failure: "error-in-stream", failAfter: 2 });
  const told = await v1.events(key, "/v1/conversations", { model: "small", inputs: "Go on" });
  expect(told.at(-1)?.event).toBe("conversation.response.error");
  expect(JSON.stringify(told)).not.toContain("internal detail");
  expect((await ask("GET", `/v1/conversations/${told[0]?.data.conversation_id}`)).status).toBe(404);
  expect((await v1.counted(somebody.organizationId)).at(-1)).toMatchObject({ outcome: "failed" });
});

test("conversations are listed from the newest, page by page and by what their metadata has", async () => {
  const reader = await keyOf(await testWorkspace(db));
  const about = (number: number) => ({ model: "small", inputs: "Hi", metadata: { number, tags: { team: "a" } } });
  const made: string[] = [];
  for (const number of [1, 2, 3]) {
    const { body } = await v1.ask(reader, "POST", "/v1/conversations", about(number));
    made.push(body.conversation_id);
  }
  const listed = async (query: string): Promise<string[]> => {
    const { body } = await v1.ask(reader, "GET", `/v1/conversations?${query}`);
    return body.map(({ id }: { id: string }) => id);
  };
  expect(await listed("")).toEqual(made.toReversed());
  expect(await listed("page=1&page_size=2")).toEqual([made[0]]);
  expect(await listed(`metadata=${encodeURIComponent('{"number":2}')}`)).toEqual([made[1]]);
  expect(await listed(`metadata=${encodeURIComponent('{"tags":{"team":"b"}}')}`)).toEqual([]);
  const wrong = await v1.ask(reader, "GET", "/v1/conversations?metadata=2");
  expect(wrong).toMatchObject({ status: 422, body: { detail: [{ loc: ["query", "metadata"] }] } });
});

test("a service key that takes another's place goes on with its conversations; other service keys do not", async () => {
  const { id, secret } = await createKey(somebody, { ...unlimited, name: "Nightly", isService: true });
  const { body } = await v1.ask(secret, "POST", "/v1/conversations", { model: "small", inputs: "Remember" });
  const path = `/v1/conversations/${body.conversation_id}`;
  const successor = await rotateKey(somebody, { id, grace: "hour" });
  expect((await v1.ask(successor.secret, "POST", path, { inputs: "And now?" })).status).toBe(200);
  expect((await v1.ask(secret, "GET", `${path}/history`)).body.entries).toHaveLength(4);
  expect((await v1.ask(await keyOf(somebody, { isService: true }), "GET", path)).status).toBe(404);
});

test("a history can be sent back as it was given, with nulls and what other programs add", async () => {
  v1.script.push({ toolCalls: [{ name: "look", arguments: "{}" }] });
  const mine = await keyOf(await testWorkspace(db));
  const tools = [{ type: "function", function: { name: "look", description: null, strict: null, parameters: null } }];
  const begun = await v1.ask(mine, "POST", "/v1/conversations", { model: "small", inputs: "hi", tools });
  expect(begun.status).toBe(200);
  const { conversation_id: id, outputs } = begun.body;
  const result = {
    type: "function.result",
    tool_call_id: outputs[0].tool_call_id,
    result: "seen",
    id: null,
    object: null,
  };
  expect((await v1.ask(mine, "POST", `/v1/conversations/${id}`, { inputs: [result] })).status).toBe(200);
  const { body } = await v1.ask(mine, "GET", `/v1/conversations/${id}/history`);
  const inputs = body.entries.map((entry: object) => ({ prefix: null, confirmation_status: null, other: 1, ...entry }));
  const again = await v1.ask(mine, "POST", "/v1/conversations", {
    model: "small",
    inputs: [...inputs, { role: "user", content: "and?" }],
  });
  expect(again.status).toBe(200);
  expect(v1.lastAsked().messages).toHaveLength(5);
});
