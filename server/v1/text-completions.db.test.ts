import { Mistral } from "@mistralai/mistralai";
import OpenAI from "openai";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const capabilities = { completion_chat: false, function_calling: false };
const price = { input: 1, output: 3 };
const models = [
  { id: "talker", price, capabilities: { completion_chat: true } },
  { id: "judge", price, capabilities: { ...capabilities, moderation: true } },
];
const v1 = await openV1(sql, undefined, { features: { tokenInputs: true }, models });
const context = await testWorkspace(db);
const secret = await keyOf(context);
afterAll(v1.close);

const openai = new OpenAI({
  apiKey: secret,
  baseURL: `http://127.0.0.1:${v1.port}/v1`,
  maxRetries: 0,
  fetch: v1.fetch,
});
const mistral = new Mistral({ apiKey: secret, serverURL: `http://127.0.0.1:${v1.port}` });
const ask = (body: object, path = "/v1/completions") => v1.ask(secret, "POST", path, body);

test("the openai client completes a text, whole and streamed, and each is counted", async () => {
  const whole = await openai.completions.create({ model: "small", prompt: "Say", max_tokens: 5, stop: "END" });
  expect(whole).toMatchObject({
    object: "text_completion",
    model: "small",
    choices: [{ index: 0, text: "Hello there.", finish_reason: "stop", logprobs: null }],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  });
  expect(v1.lastAsked()).toMatchObject({ prompt: "Say", max_tokens: 5, stop: ["END"] });
  let said = "";
  let usage: unknown;
  for await (const chunk of await openai.completions.create({
    model: "small",
    prompt: "Say",
    stream: true,
    echo: true,
  })) {
    expect(chunk.object).toBe("text_completion");
    said += chunk.choices[0]?.text ?? "";
    usage = chunk.usage ?? usage;
  }
  expect(said).toBe("SayHello there.");
  expect(usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 2 });
  const rows = (await v1.counted(context.organizationId)).filter(({ endpoint }) => endpoint === "completions");
  expect(rows.map(({ cost, outcome }) => [cost, outcome])).toEqual([
    ["16000000", "answered"],
    ["16000000", "answered"],
  ]);
});

test.each([false, true])(
  "several prompts have several answers each, in order, each prompt paid once (streamed: %s)",
  async (stream) => {
    const body = { model: "small", prompt: ["one", "two"], n: 2, echo: true };
    for (let at = 0; at < 4; at++) {
      v1.script.push(({ body }) => ({ text: [`-${body.prompt}`], promptTokens: 3, completionTokens: 1 }));
    }
    const texts: string[] = [];
    let usage: unknown;
    if (stream) {
      for await (const { choices, usage: told } of await openai.completions.create({ ...body, stream })) {
        for (const { index, text } of choices) texts[index] = (texts[index] ?? "") + text;
        usage = told ?? usage;
      }
    } else {
      const answer = await openai.completions.create(body);
      for (const { index, text } of answer.choices) texts[index] = text;
      usage = answer.usage;
    }
    expect(texts).toEqual(["one-one", "one-one", "two-two", "two-two"]);
    expect(usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 4 });
  },
);

test("a model that only talks is told the text as a person would say it", async () => {
  const answer = await openai.completions.create({ model: "talker", prompt: "Say" });
  expect(answer.choices[0]?.text).toBe("Hello there.");
  expect(v1.lastAsked().messages).toEqual([{ role: "user", content: "Say" }]);
});

test("tokens go to a server that takes them", async () => {
  expect((await ask({ model: "small", prompt: [1, 2, 3] })).status).toBe(200);
  expect(v1.lastAsked().prompt).toEqual([1, 2, 3]);
});

test.each([
  [{ model: "small", logprobs: 3, prompt: "x" }, 422],
  [{ model: "small", best_of: 4, prompt: "x" }, 422],
  [{ model: "small", prompt: [] }, 422],
  [{ model: "small" }, 422],
  [{ model: "small", prompt: Array.from({ length: 100 }, () => "x"), n: 2 }, 400],
  [{ model: "talker", prompt: [1, 2] }, 400],
  [{ model: "talker", prompt: "x", suffix: "y" }, 400],
  [{ model: "judge", prompt: "x" }, 400],
  [{ model: "nothing", prompt: "x" }, 400],
])("%o is refused", async (body, status) => {
  expect((await ask(body)).status).toBe(status);
});

const verdict = { categories: { violence: true, spam: false }, category_scores: { violence: 0.9, spam: 0.1 } };

test("texts and conversations are judged by a model that does, for the price of what it read", async () => {
  v1.script.push(
    { raw: { results: [verdict, verdict], usage: { prompt_tokens: 9 } } },
    { raw: { results: [verdict] } },
  );
  const judged = await mistral.classifiers.moderate({ model: "judge", inputs: ["a", "b"] });
  expect(judged.results).toHaveLength(2);
  expect(judged.results[0]?.categories).toEqual(verdict.categories);
  const chat = await mistral.classifiers.moderateChat({
    model: "judge",
    inputs: [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ],
  });
  expect(chat.results[0]?.categoryScores).toEqual(verdict.category_scores);
  expect(v1.lastAsked().input).toEqual(["user: a\nassistant: b"]);
  v1.script.push({ raw: { results: [verdict], usage: { prompt_tokens: 1 } } });
  const found = await openai.moderations.create({ input: "a" });
  expect([found.model, found.results[0]?.flagged]).toEqual(["judge", true]);
  const rows = (await v1.counted(context.organizationId)).filter(({ endpoint }) => endpoint === "moderations");
  expect(rows[0]).toMatchObject({ cost: "9000000", outcome: "answered" });
  expect(Number(rows[1]?.cost)).toBeGreaterThan(0);
});

test("what judges nothing is no classifier, and an answer without verdicts is none", async () => {
  expect((await ask({ model: "small", input: "x" }, "/v1/moderations")).body.error.type).toBe("unsupported_model");
  expect((await ask({ model: "nobody", input: "x" }, "/v1/moderations")).body.error.type).toBe("invalid_model");
  v1.script.push({ raw: { results: [] } });
  expect((await ask({ model: "judge", input: "x" }, "/v1/moderations")).status).toBe(503);
});
