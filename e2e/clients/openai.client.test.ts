import { OpenAI } from "openai-6";
import { zodResponseFormat as format6 } from "openai-6/helpers/zod";
import { OpenAI as OpenAi7 } from "openai-7";
import { zodResponseFormat as format7 } from "openai-7/helpers/zod";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { older } from "./older/openai.ts";
import { endless, lookup, model, parameters, question, testedServer } from "./tested-server.ts";

const server = await testedServer();
const city = z.object({ city: z.string(), degrees: z.number() });

type Version = { name: string; Client: unknown; format: unknown };
const versions: Version[] = [
  ...older,
  { name: "openai 6", Client: OpenAI, format: format6(city, "weather") },
  { name: "openai 7", Client: OpenAi7, format: format7(city, "weather") },
];

describe.each(versions)("$name", ({ Client, format }) => {
  /** Typed as one version: what is asked of them here has not changed between them. */
  const Versioned = Client as typeof OpenAI;
  const clientWith = (apiKey: string, maxRetries = 0) =>
    new Versioned({ apiKey, baseURL: `${server.url}/v1`, maxRetries });
  const newClient = async () => clientWith(await server.newKey());
  /** Version 4 has helpers for chats among what is beta. */
  const helpersOf = (client: OpenAI): OpenAI["chat"]["completions"] =>
    "parse" in client.chat.completions ? client.chat.completions : (client.beta as unknown as OpenAI).chat.completions;

  test("models are listed and found", async () => {
    const client = await newClient();
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids.toSorted()).toEqual(["large", "small"]);
    expect((await client.models.retrieve(model)).object).toBe("model");
  });

  test("a chat is answered whole and in pieces, with its usage", async () => {
    const client = await newClient();
    const whole = await client.chat.completions.create({ model, messages: [question], max_completion_tokens: 40 });
    expect(whole.choices[0]?.message.content).toBe("Hello there.");
    expect(whole.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 });
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: "developer", content: "Be short." }, question],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let total: number | undefined;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? "";
      total = usage?.total_tokens ?? total;
    }
    expect([text, total]).toEqual(["Hello there.", 12]);
  });

  test("a stream that is left ends the work of the upstream", async () => {
    server.script.push(endless);
    const client = await newClient();
    const stream = await client.chat.completions.create({ model, messages: [question], stream: true });
    for await (const { choices } of stream) if (choices[0]?.delta.content) break;
    expect(await server.leftUpstream()).toBe(true);
  });

  test("an answer that is not waited for is refused by the client's own signal", async () => {
    server.script.push(endless);
    const client = await newClient();
    const leaving = new AbortController();
    const asked = client.chat.completions.create({ model, messages: [question] }, { signal: leaving.signal });
    const refused = expect(asked).rejects.toThrow(/abort/i);
    await server.upstream.arrival(server.upstream.requests.length + 1);
    leaving.abort();
    await refused;
  });

  test.each([false, true])("tools run to the end by the client itself, streamed: %s", async (stream) => {
    server.script.push(lookup.call, lookup.answer);
    const seen: unknown[] = [];
    const look = {
      name: "look",
      description: "Looks out of a window.",
      parameters,
      parse: JSON.parse,
      function: (given: object) => {
        seen.push(given);
        return "sunny";
      },
    };
    const helpers = helpersOf(await newClient());
    const runner = helpers.runTools({
      model,
      messages: [question],
      tools: [{ type: "function" as const, function: look }],
      stream: stream as true,
    });
    expect(await runner.finalContent()).toBe(lookup.text);
    expect(seen).toEqual([{ city: "Lyon" }]);
    expect(server.lastAsked().messages.at(-1)).toMatchObject({ role: "tool", content: "sunny" });
  });

  test("an answer in the shape asked for is parsed, whole and streamed", async () => {
    const helpers = helpersOf(await newClient());
    const said = { text: ['{"city":"Lyon",', '"degrees":21}'] };
    server.script.push(said, said);
    const asked = { model, messages: [question], response_format: format as ReturnType<typeof format6<typeof city>> };
    const { choices } = await helpers.parse(asked);
    expect(choices[0]?.message.parsed).toEqual({ city: "Lyon", degrees: 21 });
    expect(server.lastAsked().response_format).toMatchObject({ type: "json_schema", json_schema: { name: "weather" } });
    const streamed = await helpers.stream(asked).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual({ city: "Lyon", degrees: 21 });
  });

  test("texts are embedded, as base64 by default and as numbers when asked", async () => {
    const client = await newClient();
    for (const encoding of [{}, { encoding_format: "float" as const }]) {
      const { data } = await client.embeddings.create({ model, input: ["one", "two"], ...encoding });
      expect(data.map(({ embedding }) => [...embedding])).toEqual([
        [0, 0.5, 0.25],
        [1, 0.5, 0.25],
      ]);
    }
  });

  test("a text is completed, whole and in pieces", async () => {
    const client = await newClient();
    const { choices } = await client.completions.create({ model, prompt: "Say hello." });
    expect(choices[0]?.text).toBe("Hello there.");
    let text = "";
    for await (const { choices } of await client.completions.create({ model, prompt: "Say hello.", stream: true }))
      text += choices[0]?.text ?? "";
    expect(text).toBe("Hello there.");
  });

  test("a limit that is reached is told at once and never asked again", async () => {
    const client = clientWith(await server.newPoorKey(), 3);
    const asked = client.chat.completions.create({ model, messages: [question] });
    await expect(asked).rejects.toMatchObject({ status: 402, code: "spend_limit_reached" });
    expect(server.statuses()).toEqual([402]);
  });

  test("a rate limit is waited for as long as the answer says", async () => {
    const client = clientWith(await server.newSlowKey(), 3);
    const asked = Array.from({ length: 2 }, () => client.chat.completions.create({ model, messages: [question] }));
    const answers = await Promise.all(asked);
    expect(answers.map(({ choices }) => choices[0]?.message.content)).toEqual(["Hello there.", "Hello there."]);
    expect(server.statuses().toSorted()).toEqual([200, 200, 429]);
  });

  test("a wrong key, an unknown model and a wrong field are errors of their own classes", async () => {
    const client = await newClient();
    const ask = (client: OpenAI, change: object) =>
      client.chat.completions.create({ model, messages: [question], ...change });
    await expect(ask(clientWith("cpt_wrong"), {})).rejects.toBeInstanceOf(Versioned.AuthenticationError);
    await expect(ask(client, { model: "none" })).rejects.toMatchObject({ status: 400, type: "invalid_model" });
    await expect(ask(client, { temperature: "hot" })).rejects.toBeInstanceOf(Versioned.UnprocessableEntityError);
  });

  test.each(["error-in-stream", "drop-in-stream"] as const)(
    "%s is an error of the client, not an end",
    async (failure) => {
      server.script.push({ failure });
      const client = await newClient();
      let said = "";
      const read = async () => {
        for await (const { choices } of await client.chat.completions.create({
          model,
          messages: [question],
          stream: true,
        }))
          said += choices[0]?.delta.content ?? "";
      };
      await expect(read()).rejects.toBeInstanceOf(Versioned.APIError);
      expect(said).toBe("Hello");
    },
  );

  test("twenty are answered at once", async () => {
    const client = await newClient();
    const asked = Array.from({ length: 20 }, async (_, at) => {
      if (at % 2 === 0) return (await client.chat.completions.create({ model, messages: [question] })).choices[0];
      return (
        await helpersOf(client)
          .stream({ model, messages: [question] })
          .finalChatCompletion()
      ).choices[0];
    });
    for (const choice of await Promise.all(asked)) expect(choice?.message.content).toBe("Hello there.");
  });
});
