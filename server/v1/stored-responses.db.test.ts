import OpenAI from "openai";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const context = await testWorkspace(db);
const secret = await keyOf(context);
afterAll(v1.close);
beforeEach(() => {
  v1.script.length = 0;
});

const clientOf = (apiKey: string) =>
  new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${v1.port}/v1`, maxRetries: 0, fetch: v1.fetch });
const openai = clientOf(secret);
const said = () =>
  v1.lastAsked().messages.map((message) => {
    const { role, content } = message as { role: string; content: unknown };
    return [role, Array.isArray(content) ? content.map(({ text }) => text).join("") : content];
  });

const weather = { type: "function" as const, name: "weather", strict: false, parameters: { type: "object" } };

test.each([false, true])(
  "a response goes on from the one before, which is found again (streamed: %s)",
  async (stream) => {
    const make = (body: OpenAI.Responses.ResponseCreateParamsNonStreaming) =>
      stream ? openai.responses.stream(body as never).finalResponse() : openai.responses.create(body);
    const first = await make({ model: "small", instructions: "Be brief.", input: "One", metadata: { topic: "t" } });
    expect(first).toMatchObject({ store: true });
    v1.script.push({ toolCalls: [{ id: "abcdefghi", name: "weather", arguments: "{}" }] });
    const second = await make({ model: "small", input: "Two", previous_response_id: first.id, tools: [weather] });
    expect(said()).toEqual([
      ["user", "One"],
      ["assistant", "Hello there."],
      ["user", "Two"],
    ]);
    const third = await make({
      model: "small",
      previous_response_id: second.id,
      input: [{ type: "function_call_output", call_id: "abcdefghi", output: "Sunny" }],
    });
    expect(said().slice(3)).toEqual([
      ["assistant", null],
      ["tool", "Sunny"],
    ]);
    const { id, usage, created_at, previous_response_id } = third;
    const ids = third.output.map(({ id }) => ({ id }));
    const found = { id, usage, created_at, previous_response_id, output_text: "Hello there.", output: ids };
    expect(await openai.responses.retrieve(third.id)).toMatchObject(found);
    const { data } = await openai.responses.inputItems.list(second.id);
    expect(data).toMatchObject([
      { type: "message", role: "user", status: "completed", content: [{ type: "input_text", text: "Two" }] },
    ]);
    const history = await v1.ask(secret, "GET", "/v1/conversations");
    const [conversation] = history.body;
    expect(conversation).toMatchObject({ model: "small", instructions: "Be brief.", metadata: { topic: "t" } });
    const { body } = await v1.ask(secret, "GET", `/v1/conversations/${conversation.id}/history`);
    expect(body.entries.map(({ type }: { type: string }) => type)).toEqual([
      "message.input",
      "message.output",
      "message.input",
      "function.call",
      "function.result",
      "message.output",
    ]);
    expect(body.entries.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([first, second, third].flatMap(({ output }) => output.map(({ id }) => id))),
    );
  },
);

test("two responses may go on from the same one: each has its own words, and its own conversation", async () => {
  const first = await openai.responses.create({ model: "small", input: "Root" });
  await openai.responses.create({ model: "small", input: "Left", previous_response_id: first.id });
  v1.script.push({ text: ["Right answer"] });
  const right = await openai.responses.create({ model: "small", input: "Right", previous_response_id: first.id });
  await openai.responses.create({ model: "small", input: "On", previous_response_id: right.id });
  expect(said().map(([, text]) => text)).toEqual(["Root", "Hello there.", "Right", "Right answer", "On"]);
  const { body: list } = await v1.ask(secret, "GET", "/v1/conversations?page_size=2");
  const texts = await Promise.all(
    list.map(async ({ id }: { id: string }) => {
      const { body } = await v1.ask(secret, "GET", `/v1/conversations/${id}/messages`);
      return body.messages.map(({ content }: { content: string }) => content).join(" ");
    }),
  );
  expect(texts).toEqual([
    "Root Hello there. Right Right answer On Hello there.",
    "Root Hello there. Left Hello there.",
  ]);
});

test("items that are stored may be referred to by their ids", async () => {
  const first = await openai.responses.create({ model: "small", input: "Remember" });
  const id = first.output[0]?.id ?? "";
  await openai.responses.create({
    model: "small",
    input: [
      { role: "user", content: "Remember" },
      { type: "item_reference", id },
      { id: "rs_1" } as never,
      { role: "user", content: "Well?" },
    ],
  });
  expect(said().map(([, text]) => text)).toEqual(["Remember", "Hello there.", "Well?"]);
  const unknown = openai.responses.create({ model: "small", input: [{ type: "item_reference", id: "msg_none" }] });
  await expect(unknown).rejects.toThrow(/msg_none.*not found/);
});

test("what is deleted is gone: the response, what was said in it, and what would go on from it", async () => {
  const first = await openai.responses.create({ model: "small", input: "canary-first" });
  const second = await openai.responses.create({ model: "small", input: "Two", previous_response_id: first.id });
  await openai.responses.delete(first.id);
  await expect(openai.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
  const on = openai.responses.create({ model: "small", input: "Three", previous_response_id: second.id });
  await expect(on).rejects.toMatchObject({ status: 404, type: "response_not_found" });
  const [conversation] = (await v1.ask(secret, "GET", "/v1/conversations")).body;
  const path = `/v1/conversations/${conversation.id}`;
  const { body } = await v1.ask(secret, "GET", `${path}/messages`);
  expect(body.messages.map(({ content }: { content: string }) => content)).toEqual(["Two", "Hello there."]);
  await openai.responses.delete(second.id);
  expect((await v1.ask(secret, "GET", path)).status).toBe(404);

  const third = await openai.responses.create({ model: "small", input: "Three" });
  const [last] = (await v1.ask(secret, "GET", "/v1/conversations")).body;
  await v1.ask(secret, "DELETE", `/v1/conversations/${last.id}`);
  await expect(openai.responses.retrieve(third.id)).rejects.toMatchObject({ status: 404 });
});

test("a response is its owner's alone, and is not there for anyone else", async () => {
  const { id } = await openai.responses.create({ model: "small", input: "Mine" });
  const colleague = await keyOf(await testWorkspace(db, { within: context, roles: ["dev"] }));
  const stranger = await keyOf(await testWorkspace(db));
  for (const key of [colleague, stranger]) {
    const other = clientOf(key);
    const tries = [
      other.responses.retrieve(id),
      other.responses.delete(id),
      other.responses.cancel(id),
      other.responses.inputItems.list(id),
      other.responses.create({ model: "small", input: "x", previous_response_id: id }),
    ];
    for (const tried of await Promise.allSettled(tries)) {
      expect(tried).toMatchObject({ status: "rejected", reason: { status: 404, type: "response_not_found" } });
    }
  }
  await expect(openai.responses.cancel(id)).rejects.toMatchObject({ status: 400 });
  expect((await openai.responses.retrieve(id)).id).toBe(id);
});

test("nothing is stored where the client says so, where its key may not, or where the answer broke off", async () => {
  const count = async () => (await sql`select count(*)::int as n from responses`)[0]?.n;
  const before = await count();
  const unstored = await openai.responses.create({ model: "small", input: "x", store: false });
  expect(unstored).toMatchObject({ store: false });
  await expect(openai.responses.retrieve(unstored.id)).rejects.toMatchObject({ status: 404 });
  const narrow = clientOf(await keyOf(context, { scopes: ["completions:create"] }));
  expect(await narrow.responses.create({ model: "small", input: "x" })).toMatchObject({ store: false });
  await expect(narrow.responses.create({ model: "small", input: "x", store: true })).rejects.toMatchObject({
    status: 403,
  });
  v1.script.push({ failure: "error-in-stream", failAfter: 1 });
  await expect(openai.responses.stream({ model: "small", input: "x" }).finalResponse()).rejects.toThrow();
  expect(await count()).toBe(before);
});

test("what its client left is not stored, and is counted", async () => {
  const left = await testWorkspace(db);
  const client = clientOf(await keyOf(left));
  v1.script.push({ text: ["Hello", " there."], failure: "hang-in-stream", failAfter: 1 });
  const stream = await client.responses.create({ model: "small", input: "x", stream: true });
  for await (const event of stream) if (event.type === "response.output_text.delta") break;
  await expect
    .poll(() => v1.counted(left.organizationId))
    .toMatchObject([{ endpoint: "responses", outcome: "aborted" }]);
  const rows = await sql`select id from responses where organization_id = ${left.organizationId}`;
  expect(rows).toHaveLength(0);
});

test("under zero retention an answer is given with store: false alone", async () => {
  const quiet = await testWorkspace(db);
  const client = clientOf(await keyOf(quiet));
  const { id } = await client.responses.create({ model: "small", input: "Before" });
  await sql`update organizations set zero_retention_since = now() where id = ${quiet.organizationId}`;
  await expect
    .poll(() =>
      client.responses.retrieve(id).then(
        () => 200,
        ({ status }) => status,
      ),
    )
    .toBe(403);
  const refused = [
    { input: "x" },
    { input: "x", store: true },
    { input: "x", store: false, previous_response_id: id },
    { input: [{ type: "item_reference" as const, id: "msg_1" }], store: false },
  ];
  for (const body of refused) {
    const tried = client.responses.create({ model: "small", ...body });
    await expect(tried).rejects.toMatchObject({ status: 403, type: "zdr_incompatible" });
  }
  const answered = await client.responses.create({ model: "small", input: "x", store: false });
  expect(answered.output_text).toBe("Hello there.");
});

test("input items are listed in pages, in either order", async () => {
  const input = ["a", "b", "c"].map((content) => ({ role: "user" as const, content }));
  const { id } = await openai.responses.create({ model: "small", input });
  const texts: unknown[] = [];
  for await (const item of openai.responses.inputItems.list(id, { limit: 2, order: "asc" })) {
    texts.push("content" in item && item.content);
  }
  expect(texts).toMatchObject([[{ text: "a" }], [{ text: "b" }], [{ text: "c" }]]);
});
