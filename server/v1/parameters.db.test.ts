import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const features = { parameters: ["top_k", "logit_bias", "from_tomorrow"], maxTemperature: 1.5, tokenInputs: true };
const plain = await openV1(sql);
const declaring = await openV1(sql, undefined, { features });
const scopes = ["completions:create", "embeddings:create"] as const;
const context = await testWorkspace(db);
const secret = await keyOf(context, { scopes: [...scopes] });
afterAll(async () => {
  await plain.close();
  await declaring.close();
});

const chat = { model: "small", messages: [{ role: "user", content: "hi" }] };
const exotic = {
  ...chat,
  temperature: 2,
  top_p: 0,
  seed: -1,
  top_k: 4,
  logit_bias: { 1: 2 },
  from_tomorrow: [1],
  user: "u",
};

test("what an upstream does not declare is not sent to it, and named in a header", async () => {
  const answer = await plain.ask(secret, "POST", "/v1/chat/completions", { ...exotic, metadata: {}, store: true });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-ignored-parameters")?.split(", ").sort()).toEqual(
    ["from_tomorrow", "logit_bias", "metadata", "store", "top_k"].sort(),
  );
  expect(Object.keys(plain.lastAsked()).sort()).toEqual(["messages", "model", "stream", "temperature", "top_p"]);
  expect(plain.lastAsked()).toMatchObject({ temperature: 2, top_p: 1e-6 });
});

test("what an upstream declares is passed on as it was sent, and nothing is named", async () => {
  const answer = await declaring.ask(secret, "POST", "/v1/chat/completions", exotic);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-ignored-parameters")).toBeNull();
  expect(declaring.lastAsked()).toMatchObject({ top_k: 4, logit_bias: { 1: 2 }, from_tomorrow: [1], temperature: 1.5 });
});

test("a header tells in streams and in other endpoints too", async () => {
  const ways: [string, object][] = [
    ["/v1/chat/completions", { ...chat, stream: true, odd: 1 }],
    ["/v1/fim/completions", { model: "small", prompt: "a", odd: 1 }],
    ["/v1/embeddings", { model: "small", input: "a", odd: 1 }],
  ];
  for (const [path, body] of ways) {
    const answer = await plain.send(secret, "POST", path, body);
    await answer.text();
    expect([path, answer.status, answer.headers.get("x-ignored-parameters")]).toEqual([path, 200, "odd"]);
  }
});

test("functions in the older spelling are tools, and a schema beside the type is a schema", async () => {
  const functions = [{ name: "look", parameters: null }];
  const older = { ...chat, functions, function_call: { name: "look" } };
  plain.script.push({ toolCalls: [{ name: "look", arguments: "{}" }] }, { text: ["{}"] });
  expect((await plain.ask(secret, "POST", "/v1/chat/completions", older)).status).toBe(200);
  expect(plain.lastAsked()).toMatchObject({
    tools: [{ type: "function", function: { name: "look" } }],
    tool_choice: { type: "function", function: { name: "look" } },
  });
  const response_format = { type: "json_object", schema: { type: "object" } };
  expect((await plain.ask(secret, "POST", "/v1/chat/completions", { ...chat, response_format })).status).toBe(200);
  expect(plain.lastAsked().response_format).toMatchObject({
    type: "json_schema",
    json_schema: { schema: { type: "object" } },
  });
});

test("tools are chosen in any spelling, and only those that are allowed are offered", async () => {
  const tools = ["one", "two"].map((name) => ({ type: "function", function: { name } }));
  const allowed_tools = { mode: "required", tools: [{ type: "function", function: { name: "two" } }] };
  const choices: [unknown, unknown, number][] = [
    [{ type: "auto" }, "auto", 2],
    [{ type: "any" }, "required", 2],
    [{ type: "function", name: "one" }, { type: "function", function: { name: "one" } }, 2],
    [{ type: "allowed_tools", allowed_tools }, "required", 1],
  ];
  for (const [tool_choice, asked, count] of choices) {
    expect((await plain.ask(secret, "POST", "/v1/chat/completions", { ...chat, tools, tool_choice })).status).toBe(200);
    expect(plain.lastAsked().tool_choice).toEqual(asked);
    expect(plain.lastAsked().tools).toHaveLength(count);
  }
});

test("lists of tokens are embedded where the upstream takes them, else refused with a sentence", async () => {
  const lists = [
    [1, 2, 3],
    [4, 5],
  ];
  for (const input of [lists, lists[0]]) {
    const refused = await plain.ask(secret, "POST", "/v1/embeddings", { model: "small", input });
    expect([refused.status, refused.body.error.message]).toEqual([400, expect.stringContaining("lists of tokens")]);
    const taken = await declaring.ask(secret, "POST", "/v1/embeddings", {
      model: "small",
      input,
      encoding_format: "base64",
    });
    expect([taken.status, taken.body.data.length]).toEqual([200, input === lists ? 2 : 1]);
    expect(typeof taken.body.data[0].embedding).toBe("string");
    expect(declaring.lastAsked().input).toEqual(input === lists ? lists : [lists[0]]);
  }
});

test.each([
  [{ logprobs: true }, "logprobs"],
  [{ audio: { voice: "x" } }, "audio"],
  [{ web_search_options: {} }, "web_search_options"],
  [{ tools: [{ type: "custom", custom: { name: "x" } }] }, "tools"],
])("%o is refused with a sentence that names %s", async (more, field) => {
  const answer = await plain.ask(secret, "POST", "/v1/chat/completions", { ...chat, ...more });
  expect(answer.status).toBe(422);
  expect(answer.body.detail[0].loc[1]).toBe(field);
  expect(answer.body.detail[0].msg).toMatch(/offered/);
});
