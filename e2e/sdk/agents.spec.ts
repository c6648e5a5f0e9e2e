import { Mistral } from "@mistralai/mistralai";
import { expect, test } from "@playwright/test";
import { forgetEverything } from "#e2e/database.ts";
import { newCustomer, serverUrl } from "#e2e/server.ts";

const scopes = ["agents:use", "agents:write", "conversations:use", "completions:create"];
const clientOf = ({ secret }: { secret: string }) => new Mistral({ apiKey: secret, serverURL: serverUrl });

const weather = {
  type: "function" as const,
  function: {
    name: "get_weather",
    description: "The weather in a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const ask = "What is the capital of France?";
const model = "tiny-chat-1";
const steady = { temperature: 0 };

/** The client hides what it does not know behind this word instead of failing. */
const expectKnown = (answer: unknown) => expect(JSON.stringify(answer)).not.toContain("isUnknown");

/** What a request is refused with. */
async function refusal(asked: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  const error = (await asked.then(
    () => {
      throw new Error("It was not refused.");
    },
    (error: unknown) => error,
  )) as { statusCode: number; body: string };
  const { code, message } = JSON.parse(error.body);
  return { status: error.statusCode, code, message };
}

let client: Mistral;
test.beforeAll(async () => {
  client = clientOf(await newCustomer("paid", scopes));
});

const newAgent = (fields: object = {}) =>
  client.beta.agents.create({ model, name: "Geographer", instructions: "Answer.", completionArgs: steady, ...fields });

test("T-4.3-CREATE an agent is made, read, changed, listed and deleted", async () => {
  const agent = await newAgent({ tools: [weather], metadata: { team: "maps" }, versionMessage: "First" });
  expect(agent).toMatchObject({
    object: "agent",
    id: expect.stringMatching(/^ag_[0-9a-f]{32}$/),
    name: "Geographer",
    version: 0,
    versions: [0],
    deploymentChat: true,
    source: "api",
    metadata: { team: "maps" },
    completionArgs: steady,
    tools: [{ type: "function", function: { name: "get_weather" } }],
  });
  expect(agent.createdAt).toBeInstanceOf(Date);
  expectKnown(agent);
  expect(await client.beta.agents.get({ agentId: agent.id })).toEqual(agent);

  const updateAgentRequest = { description: "Knows the map", deploymentChat: false, handoffs: null };
  const changed = await client.beta.agents.update({ agentId: agent.id, updateAgentRequest });
  expect(changed).toMatchObject({ version: 1, versions: [0, 1], description: "Knows the map", deploymentChat: false });
  expect(changed.instructions).toBe("Answer.");

  const listed = await client.beta.agents.list({ metadata: { team: "maps" }, sources: ["api", "playground"] });
  expect(listed).toEqual([changed]);
  expect(await client.beta.agents.list({ deploymentChat: true, search: agent.id })).toEqual([]);

  expect(await client.beta.agents.delete({ agentId: agent.id })).toBeUndefined();
  expect(await refusal(client.beta.agents.get({ agentId: agent.id }))).toMatchObject({
    status: 404,
    code: "agent_deleted",
    message: expect.stringContaining("was deleted"),
  });
});

test("agents are listed page by page by the client itself", async () => {
  const made = await Promise.all(["one", "two", "three"].map((name) => newAgent({ name, metadata: { pages: "yes" } })));
  const found: string[] = [];
  let pages = 0;
  for await (const { result } of await client.beta.agents.listPages({ pageSize: 2, metadata: { pages: "yes" } })) {
    found.push(...result.data.map(({ id }) => id));
    expectKnown(result);
    pages++;
  }
  expect(pages).toBe(2);
  expect(found.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
});

test("versions are listed, found, switched and named", async () => {
  const { id: agentId } = await newAgent();
  await client.beta.agents.update({ agentId, updateAgentRequest: { instructions: "Answer shortly." } });
  expect((await client.beta.agents.listVersions({ agentId })).map(({ version }) => version)).toEqual([1, 0]);
  expect((await client.beta.agents.getVersion({ agentId, version: "0" })).instructions).toBe("Answer.");
  expect((await client.beta.agents.updateVersion({ agentId, version: 0 })).version).toBe(0);
  const alias = await client.beta.agents.createVersionAlias({ agentId, alias: "production", version: 1 });
  expect(alias).toMatchObject({ alias: "production", version: 1 });
  expect(await client.beta.agents.listVersionAliases({ agentId })).toEqual([alias]);
  expect((await client.beta.agents.get({ agentId, agentVersion: "production" })).version).toBe(1);
  expect(await client.beta.agents.deleteVersionAlias({ agentId, alias: "production" })).toBeUndefined();
  const gone = client.beta.agents.get({ agentId, agentVersion: "production" });
  expect(await refusal(gone)).toMatchObject({ status: 404, code: "agent_version_not_found" });
});

test("T-4.3-SHARE1 an agent answers under its id, whole and streamed, and calls its function", async () => {
  const { id: agentId } = await newAgent();
  const messages = [{ role: "user" as const, content: ask }];
  const whole = await client.agents.complete({ agentId, messages });
  expect(whole.choices[0]?.message?.content).toContain("Paris");
  expect(whole.usage.totalTokens).toBeGreaterThan(0);
  let text = "";
  for await (const { data } of await client.agents.stream({ agentId, messages })) {
    const content = data.choices[0]?.delta.content;
    if (typeof content === "string") text += content;
  }
  expect(text).toBe(whole.choices[0]?.message?.content);

  const forecaster = await newAgent({ name: "Forecaster", tools: [weather], completionArgs: { toolChoice: "any" } });
  const called = await client.agents.complete({ agentId: forecaster.id, messages });
  expect(called.choices[0]?.message?.toolCalls?.[0]?.function.name).toBe("get_weather");
  expectKnown([whole, called]);
});

test("what is another customer's is not there", async () => {
  const { id: agentId } = await newAgent();
  const stranger = clientOf(await newCustomer("paid", scopes));
  const hidden = { status: 404, code: "agent_not_found" };
  const messages = [{ role: "user" as const, content: ask }];
  expect(await refusal(stranger.beta.agents.get({ agentId }))).toMatchObject(hidden);
  expect(await refusal(stranger.beta.agents.delete({ agentId }))).toMatchObject(hidden);
  expect(await refusal(stranger.agents.complete({ agentId, messages }))).toMatchObject(hidden);
  expect(await refusal(stranger.beta.conversations.start({ agentId, inputs: ask }))).toMatchObject(hidden);
  expect(await stranger.beta.agents.list()).toEqual([]);
});

test("a conversation is begun, gone on with, read, and deleted", async () => {
  const started = await client.beta.conversations.start({
    model,
    inputs: ask,
    completionArgs: steady,
    name: "Capitals",
    metadata: { team: "maps" },
  });
  expect(started.outputs[0]).toMatchObject({ type: "message.output", content: expect.stringContaining("Paris") });
  expect(started.usage.totalTokens).toBeGreaterThan(0);
  const { conversationId } = started;
  const appended = await client.beta.conversations.append({
    conversationId,
    conversationAppendRequest: { inputs: [{ type: "message.input", role: "user", content: "And of Italy?" }] },
  });
  expect(appended).toMatchObject({ conversationId, outputs: [{ type: "message.output" }] });

  const history = await client.beta.conversations.getHistory({ conversationId });
  expect(history.entries.map((entry) => "type" in entry && entry.type)).toEqual([
    "message.input",
    "message.output",
    "message.input",
    "message.output",
  ]);
  const { messages } = await client.beta.conversations.getMessages({ conversationId });
  expect(messages).toHaveLength(4);
  const found = await client.beta.conversations.get({ conversationId });
  expect(found).toMatchObject({ id: conversationId, name: "Capitals", model, metadata: { team: "maps" } });
  const listed = await client.beta.conversations.list({ metadata: { team: "maps" } });
  expect(listed.map(({ id }) => id)).toEqual([conversationId]);
  expectKnown([started, appended, history, messages, found, listed]);

  expect(await client.beta.conversations.delete({ conversationId })).toBeUndefined();
  expect((await refusal(client.beta.conversations.get({ conversationId }))).status).toBe(404);
  expect((await refusal(client.beta.conversations.getHistory({ conversationId }))).status).toBe(404);
});

type Events = Awaited<ReturnType<Mistral["beta"]["conversations"]["startStream"]>>;

/** What a stream says, and which conversation it says it in. */
async function read(stream: Events) {
  const all = [];
  for await (const { event, data } of stream) {
    expect("type" in data && data.type).toBe(event);
    all.push(data);
  }
  expectKnown(all);
  const types = all.map((data) => ("type" in data ? data.type : "unknown"));
  const [first] = all;
  const text = all.map((data) => ("content" in data && typeof data.content === "string" ? data.content : "")).join("");
  const conversationId = first && "conversationId" in first ? first.conversationId : "";
  return { types, text, conversationId };
}

test("streams begin, speak and end with events the client knows, and are kept as they were said", async () => {
  const agent = await newAgent({ name: "Streamer" });
  const started = await read(await client.beta.conversations.startStream({ agentId: agent.id, inputs: ask }));
  expect(started.types[0]).toBe("conversation.response.started");
  expect(started.types.at(-1)).toBe("conversation.response.done");
  expect(started.text).toContain("Paris");
  const { conversationId } = started;
  const appended = await read(
    await client.beta.conversations.appendStream({ conversationId, conversationAppendStreamRequest: { inputs: ask } }),
  );
  expect(appended.conversationId).toBe(conversationId);
  const { entries } = await client.beta.conversations.getHistory({ conversationId });
  expect(entries[1]).toMatchObject({ type: "message.output", content: started.text, agentId: agent.id });
  expect(entries[3]).toMatchObject({ type: "message.output", content: appended.text });

  const [asked] = entries;
  const fromEntryId = String(asked && "id" in asked ? asked.id : "");
  const restarted = await read(
    await client.beta.conversations.restartStream({
      conversationId,
      conversationRestartStreamRequest: { fromEntryId },
    }),
  );
  expect(restarted.conversationId).not.toBe(conversationId);
  expect(restarted.text).toBe(started.text);
});

test("a conversation goes on after a function's result, and again from an earlier entry as a new one", async () => {
  const { id: agentId } = await newAgent({ tools: [weather], completionArgs: { ...steady, toolChoice: "any" } });
  const started = await client.beta.conversations.start({ agentId, inputs: "How is the weather in Lyon?" });
  const call = started.outputs[0];
  if (!call || !("toolCallId" in call)) throw new Error(`No function was called: ${JSON.stringify(started)}`);
  expect(call).toMatchObject({ type: "function.call", name: "get_weather" });
  const { conversationId } = started;
  const inputs = [{ type: "function.result" as const, toolCallId: call.toolCallId, result: '{"degrees":21}' }];
  const conversationAppendRequest = { inputs, completionArgs: { toolChoice: "none" as const } };
  const answered = await client.beta.conversations.append({ conversationId, conversationAppendRequest });
  expect(answered.outputs[0]).toMatchObject({ type: "message.output" });

  const branch = await client.beta.conversations.restart({
    conversationId,
    conversationRestartRequest: { fromEntryId: String(call.id), inputs },
  });
  expect(branch.conversationId).not.toBe(conversationId);
  const { entries } = await client.beta.conversations.getHistory({ conversationId: branch.conversationId });
  expect(entries.slice(0, 3).map((entry) => "type" in entry && entry.type)).toEqual([
    "message.input",
    "function.call",
    "function.result",
  ]);
  expect((await client.beta.conversations.getHistory({ conversationId })).entries).toHaveLength(4);
  expectKnown([started, answered, branch, entries]);
});

test("what is not to be stored cannot be read afterwards", async () => {
  const { conversationId } = await client.beta.conversations.start({ model, inputs: ask, store: false });
  expect((await refusal(client.beta.conversations.get({ conversationId }))).status).toBe(404);
  expect(JSON.stringify(await client.beta.conversations.list())).not.toContain(conversationId);
});

test("T-4.3-DEL1 conversations keep their text when their agent is deleted, and say why they cannot go on", async () => {
  const { id: agentId } = await newAgent({ name: "Leaver" });
  const { conversationId } = await client.beta.conversations.start({ agentId, inputs: ask });
  await client.beta.agents.delete({ agentId });
  const { entries } = await client.beta.conversations.getHistory({ conversationId });
  expect(entries[1]).toMatchObject({ content: expect.stringContaining("Paris") });
  const further = client.beta.conversations.append({ conversationId, conversationAppendRequest: { inputs: ask } });
  expect(await refusal(further)).toMatchObject({ status: 404, code: "agent_deleted" });
});

test("T-4.3-TAG a program that asks for it has the agent called that a message names", async () => {
  const agent = await newAgent({ name: "Caller" });
  const inputs = "@Caller what is the capital of France ?";
  const plain = await client.beta.conversations.start({ model, inputs });
  expect(plain.outputs[0]).toMatchObject({ agentId: null });
  const headers = { "x-agent-mentions": "on" };
  const called = await client.beta.conversations.start({ model, inputs }, { headers });
  expect(called.outputs[0]).toMatchObject({ agentId: agent.id, content: expect.stringContaining("Paris") });
  const twice = await client.beta.conversations.start({ model, inputs: `@nobody ${inputs}` }, { headers });
  expect(twice.outputs[0]).toMatchObject({ agentId: agent.id });
  const nobody = await client.beta.conversations.start({ model, inputs: "@nobody hello" }, { headers });
  expect(nobody.outputs[0]).toMatchObject({ agentId: null });
});

test("T-4.2.2.2-ZDR4 under zero retention there are no agents and no conversations", async () => {
  const customer = await newCustomer("paid", scopes);
  await forgetEverything(customer.organizationId);
  const forgetful = clientOf(customer);
  const refused = { status: 403, code: "zdr_incompatible" };
  const agentId = `ag_${"0".repeat(32)}`;
  const messages = [{ role: "user" as const, content: ask }];
  for (const asked of [
    () => forgetful.beta.agents.create({ model, name: "None" }),
    () => forgetful.beta.agents.list(),
    () => forgetful.beta.agents.listPages(),
    () => forgetful.beta.agents.get({ agentId }),
    () => forgetful.agents.complete({ agentId, messages }),
    () => forgetful.beta.conversations.start({ model, inputs: ask }),
    () => forgetful.beta.conversations.startStream({ model, inputs: ask }),
    () => forgetful.beta.conversations.start({ model, inputs: ask, store: false }),
    () => forgetful.beta.conversations.list(),
  ]) {
    expect(await refusal(asked())).toMatchObject(refused);
  }
});
