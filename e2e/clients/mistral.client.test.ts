import { Mistral as Mistral1 } from "mistral-1";
import { Mistral } from "mistral-2";
import { describe, expect, test } from "vitest";
import { z } from "zod/v3";
import { endless, lookup, model, parameters, question, testedServer } from "./tested-server.ts";

const server = await testedServer();
const city = z.object({ city: z.string(), degrees: z.number() });
const tools = [{ type: "function" as const, function: { name: "look", parameters } }];
const asked = { model, messages: [question] };

describe.each([
  { name: "mistral 1.15", Client: Mistral1 as unknown },
  { name: "mistral 2.7", Client: Mistral },
])("$name", ({ Client }) => {
  /** Typed as one version: what is asked of them here has not changed between them. */
  const Versioned = Client as typeof Mistral;
  const clientWith = (apiKey: string) => new Versioned({ apiKey, serverURL: server.url });
  const newClient = async () => clientWith(await server.newKey());

  test("models are listed and found, none of them unknown to the client", async () => {
    const client = await newClient();
    const { data = [] } = await client.models.list();
    expect(data.map((card) => "id" in card && card.id).toSorted()).toEqual(["large", "small"]);
    expect(JSON.stringify([data, await client.models.retrieve({ modelId: model })])).not.toContain("isUnknown");
  });

  test("a chat is answered whole and in pieces, with its usage", async () => {
    const client = await newClient();
    const whole = await client.chat.complete({ ...asked, maxTokens: 40, randomSeed: 1, safePrompt: false });
    expect(whole.choices[0]?.message?.content).toBe("Hello there.");
    expect(whole.usage).toMatchObject({ promptTokens: 10, completionTokens: 2, totalTokens: 12 });
    let text = "";
    let total: number | undefined;
    for await (const { data } of await client.chat.stream(asked)) {
      text += data.choices[0]?.delta.content ?? "";
      total = data.usage?.totalTokens ?? total;
    }
    expect([text, total]).toEqual(["Hello there.", 12]);
  });

  test("a stream that is left ends the work of the upstream", async () => {
    server.script.push(endless);
    const client = await newClient();
    const leaving = new AbortController();
    const read = async () => {
      const stream = await client.chat.stream(asked, { fetchOptions: { signal: leaving.signal } });
      for await (const { data } of stream) if (data.choices[0]?.delta.content) leaving.abort();
    };
    await expect(read()).rejects.toThrow(/abort/i);
    expect(await server.leftUpstream()).toBe(true);
  });

  test.each([false, true])("a tool is called and its result answered, streamed: %s", async (isStreamed) => {
    server.script.push(lookup.call, lookup.answer);
    const client = await newClient();
    const say = async (messages: Parameters<typeof client.chat.complete>[0]["messages"]) => {
      if (!isStreamed) return (await client.chat.complete({ model, messages, tools })).choices[0]?.message;
      const said = { role: "assistant" as const, content: "", toolCalls: undefined as unknown };
      for await (const { data } of await client.chat.stream({ model, messages, tools })) {
        const delta = data.choices[0]?.delta;
        said.content += delta?.content ?? "";
        said.toolCalls = delta?.toolCalls ?? said.toolCalls;
      }
      return said as unknown as Awaited<ReturnType<typeof client.chat.complete>>["choices"][number]["message"];
    };
    const first = await say([question]);
    const call = first?.toolCalls?.[0];
    expect([call?.function.name, JSON.parse(String(call?.function.arguments))]).toEqual(["look", { city: "Lyon" }]);
    const result = { role: "tool" as const, name: "look", content: "sunny", toolCallId: String(call?.id) };
    const last = await say([question, { ...first, role: "assistant" }, result]);
    expect(last?.content).toBe(lookup.text);
    expect(server.lastAsked().messages.at(-1)).toMatchObject({ role: "tool", content: "sunny" });
  });

  test("an answer in the shape asked for is parsed", async () => {
    server.script.push({ text: ['{"city":"Lyon",', '"degrees":21}'] });
    const client = await newClient();
    const { choices } = await client.chat.parse({ ...asked, responseFormat: city as never });
    expect(choices?.[0]?.message?.parsed).toEqual({ city: "Lyon", degrees: 21 });
    expect(server.lastAsked().response_format).toMatchObject({ type: "json_schema" });
  });

  test("texts are embedded, and a gap is filled", async () => {
    const client = await newClient();
    const { data } = await client.embeddings.create({ model, inputs: ["one", "two"] });
    expect(data.map(({ embedding }) => embedding)).toEqual([
      [0, 0.5, 0.25],
      [1, 0.5, 0.25],
    ]);
    const filled = await client.fim.complete({ model, prompt: "def hello():", suffix: "return 1" });
    expect(filled.choices[0]?.message?.content).toBe("Hello there.");
  });

  test("a conversation is begun, gone on with in a stream, and deleted", async () => {
    const client = await newClient();
    const { conversationId, outputs } = await client.beta.conversations.start({ model, inputs: question.content });
    expect(outputs[0]).toMatchObject({ type: "message.output", content: "Hello there." });
    const stream = await client.beta.conversations.appendStream({
      conversationId,
      conversationAppendStreamRequest: { inputs: "And in Nice?" },
    });
    let text = "";
    for await (const { data } of stream)
      if ("content" in data && typeof data.content === "string") text += data.content;
    expect(text).toBe("Hello there.");
    await client.beta.conversations.delete({ conversationId });
  });

  const retryConfig = {
    strategy: "backoff" as const,
    backoff: { initialInterval: 50, maxInterval: 5000, exponent: 1, maxElapsedTime: 10_000 },
    retryConnectionErrors: true,
  };

  test("a limit that is reached is told at once and never asked again", async () => {
    const client = clientWith(await server.newPoorKey());
    const refused = client.chat.complete(asked, { retries: retryConfig });
    await expect(refused).rejects.toMatchObject({ statusCode: 402 });
    expect(server.statuses()).toEqual([402]);
  });

  test("a rate limit is waited for as long as the answer says", async () => {
    const client = clientWith(await server.newSlowKey());
    const answers = await Promise.all([1, 2].map(() => client.chat.complete(asked, { retries: retryConfig })));
    expect(answers.map(({ choices }) => choices[0]?.message?.content)).toEqual(["Hello there.", "Hello there."]);
    expect(server.statuses().toSorted()).toEqual([200, 200, 429]);
  });

  test("a wrong key, an unknown model and a wrong field are errors with the answer's words", async () => {
    const client = await newClient();
    await expect(clientWith("cpt_wrong").chat.complete(asked)).rejects.toMatchObject({ statusCode: 401 });
    await expect(client.chat.complete({ ...asked, model: "none" })).rejects.toMatchObject({
      statusCode: 400,
      body: expect.stringContaining("Invalid model: none"),
    });
    const wrong = client.chat.complete({ ...asked, temperature: 7 });
    await expect(wrong).rejects.toMatchObject({ statusCode: 422, detail: [{ loc: ["body", "temperature"] }] });
  });

  test.each(["error-in-stream", "drop-in-stream"] as const)(
    "%s ends a stream with an error as its reason",
    async (failure) => {
      server.script.push({ failure });
      const client = await newClient();
      const reasons: unknown[] = [];
      for await (const { data } of await client.chat.stream(asked)) reasons.push(data.choices[0]?.finishReason);
      expect(reasons.at(-1)).toBe("error");
    },
  );

  test("twenty are answered at once", async () => {
    const client = await newClient();
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.chat.complete(asked)));
    for (const { choices } of answers) expect(choices[0]?.message?.content).toBe("Hello there.");
  });
});
