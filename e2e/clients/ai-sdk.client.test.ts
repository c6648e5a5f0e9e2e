import { createMistral } from "@ai-sdk/mistral";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateText, Output, stepCountIs, streamText, tool } from "ai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { endless, lookup, model, question, testedServer } from "./tested-server.ts";

const server = await testedServer();
const prompt = question.content;
const city = z.object({ city: z.string(), degrees: z.number() });

const providers = {
  mistral: (apiKey: string) => {
    const mistral = createMistral({ apiKey, baseURL: `${server.url}/v1` });
    return { chat: mistral.chat(model), embedding: mistral.embedding(model) };
  },
  openai: (apiKey: string) => {
    const openai = createOpenAI({ apiKey, baseURL: `${server.url}/v1` });
    return { chat: openai.chat(model), embedding: openai.embedding(model) };
  },
  "openai-compatible": (apiKey: string) => {
    const settings = { name: "comptoir", apiKey, baseURL: `${server.url}/v1`, supportsStructuredOutputs: true };
    const provider = createOpenAICompatible(settings);
    return { chat: provider.chatModel(model), embedding: provider.embeddingModel(model) };
  },
};

describe.each(Object.entries(providers))("ai with @ai-sdk/%s", (_name, provide) => {
  const newModels = async () => provide(await server.newKey());

  test("a text is generated whole and in pieces, with its usage", async () => {
    const { chat } = await newModels();
    const whole = await generateText({ model: chat, instructions: "Be short.", prompt, maxOutputTokens: 40, seed: 1 });
    expect([whole.text, whole.finishReason, whole.usage.totalTokens]).toEqual(["Hello there.", "stop", 12]);
    const streamed = streamText({ model: chat, prompt });
    let text = "";
    for await (const piece of streamed.textStream) text += piece;
    expect([text, (await streamed.usage).inputTokens]).toEqual(["Hello there.", 10]);
  });

  test.each([false, true])("tools are used until there is an answer, streamed: %s", async (isStreamed) => {
    server.script.push(lookup.call, lookup.answer);
    const { chat } = await newModels();
    const seen: unknown[] = [];
    const look = tool({
      description: "Looks out of a window.",
      inputSchema: z.object({ city: z.string() }),
      execute: (given) => {
        seen.push(given);
        return { sky: "sunny" };
      },
    });
    const options = { model: chat, prompt, tools: { look }, stopWhen: stepCountIs(3) };
    const text = isStreamed ? await streamText(options).text : (await generateText(options)).text;
    expect([text, seen]).toEqual([lookup.text, [{ city: "Lyon" }]]);
    expect(server.lastAsked().messages.at(-1)).toMatchObject({ role: "tool", content: '{"sky":"sunny"}' });
  });

  test("an object is generated in the shape asked for, whole and in pieces", async () => {
    const said = { text: ['{"city":"Lyon",', '"degrees":21}'] };
    server.script.push(said, said);
    const { chat } = await newModels();
    const output = Output.object({ schema: city });
    const whole = await generateText({ model: chat, prompt, output });
    expect(whole.output).toEqual({ city: "Lyon", degrees: 21 });
    expect(server.lastAsked().response_format).toMatchObject({ type: "json_schema" });
    const streamed = streamText({ model: chat, prompt, output });
    const parts: unknown[] = [];
    for await (const part of streamed.partialOutputStream) parts.push(part);
    expect(parts.at(-1)).toEqual({ city: "Lyon", degrees: 21 });
  });

  test("what is thought is told beside what is said", async () => {
    server.script.push({ thinking: ["Clouds?", " No."], text: ["Sunny."] });
    const { chat } = await newModels();
    const { text } = await generateText({ model: chat, prompt });
    expect(text).toBe("Sunny.");
  });

  test("texts are embedded", async () => {
    const { embedding } = await newModels();
    const { embeddings, usage } = await embedMany({ model: embedding, values: ["one", "two"] });
    expect(embeddings).toEqual([
      [0, 0.5, 0.25],
      [1, 0.5, 0.25],
    ]);
    expect(usage.tokens).toBe(10);
  });

  test("a stream that is left ends the work of the upstream", async () => {
    server.script.push(endless);
    const { chat } = await newModels();
    const leaving = new AbortController();
    const { fullStream } = streamText({ model: chat, prompt, abortSignal: leaving.signal });
    const types: string[] = [];
    for await (const { type } of fullStream) {
      types.push(type);
      if (type === "text-delta") leaving.abort();
    }
    expect(types.at(-1)).toBe("abort");
    expect(await server.leftUpstream()).toBe(true);
  });

  test("a limit that is reached is told at once and never asked again", async () => {
    const { chat } = provide(await server.newPoorKey());
    const refused = await generateText({ model: chat, prompt }).catch((error: unknown) => error);
    expect(APICallError.isInstance(refused) && [refused.statusCode, refused.isRetryable]).toEqual([402, false]);
    expect(String(refused)).toMatch(/spend limit/);
    expect(server.statuses()).toEqual([402]);
  });

  test("a rate limit is waited for as long as the answer says", async () => {
    const { chat } = provide(await server.newSlowKey());
    const answers = await Promise.all([1, 2].map(() => generateText({ model: chat, prompt })));
    expect(answers.map(({ text }) => text)).toEqual(["Hello there.", "Hello there."]);
    expect(server.statuses().toSorted()).toEqual([200, 200, 429]);
  });

  test.each(["error-in-stream", "drop-in-stream"] as const)(
    "%s is told as an error, not as an end",
    async (failure) => {
      server.script.push({ failure });
      const { chat } = await newModels();
      const errors: unknown[] = [];
      const { fullStream } = streamText({ model: chat, prompt, onError: ({ error }) => void errors.push(error) });
      const reasons: unknown[] = [];
      for await (const part of fullStream) if (part.type === "finish") reasons.push(part.finishReason);
      expect(errors.length > 0 || reasons.includes("error"), `${errors} ${reasons}`).toBe(true);
    },
  );

  test("twenty are answered at once", async () => {
    const { chat } = await newModels();
    const answers = await Promise.all(Array.from({ length: 20 }, () => generateText({ model: chat, prompt })));
    for (const { text } of answers) expect(text).toBe("Hello there.");
  });
});
