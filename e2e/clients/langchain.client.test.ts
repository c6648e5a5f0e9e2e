import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatMistralAI, MistralAIEmbeddings } from "@langchain/mistralai";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { endless, lookup, model, question, testedServer } from "./tested-server.ts";

const server = await testedServer();
const asked = [new HumanMessage(question.content)];
const city = z.object({ city: z.string(), degrees: z.number() });
const look = tool(({ city }) => `${city} is sunny`, {
  name: "look",
  description: "Looks out of a window.",
  schema: z.object({ city: z.string() }),
});

type Counted = { usage_metadata?: { total_tokens: number } };
type Chat = BaseChatModel & Required<Pick<BaseChatModel, "bindTools">>;
type Provided = {
  chat: Chat;
  /** What the package knows beside calling a function. */
  method: "jsonMode" | "jsonSchema";
  embeddings: { embedDocuments(texts: string[]): Promise<number[][]> };
};

const packages: Record<string, (apiKey: string, maxRetries?: number) => Provided> = {
  mistralai: (apiKey, maxRetries = 0) => ({
    chat: new ChatMistralAI({ apiKey, model, serverURL: server.url, maxRetries }) as Chat,
    method: "jsonMode",
    embeddings: new MistralAIEmbeddings({ apiKey, model, serverURL: server.url, maxRetries: 0 }),
  }),
  openai: (apiKey, maxRetries = 0) => {
    const configuration = { baseURL: `${server.url}/v1` };
    return {
      chat: new ChatOpenAI({ apiKey, model, maxRetries, configuration }) as Chat,
      method: "jsonSchema",
      embeddings: new OpenAIEmbeddings({ apiKey, model, maxRetries: 0, configuration }),
    };
  },
};

describe.each(Object.entries(packages))("@langchain/%s", (_name, provide) => {
  const newClient = async () => provide(await server.newKey());

  test("a chat is answered whole and in pieces, with its usage", async () => {
    const { chat } = await newClient();
    const whole = await chat.invoke(asked);
    expect([whole.text, (whole as object as Counted).usage_metadata?.total_tokens]).toEqual(["Hello there.", 12]);
    let text = "";
    for await (const piece of await chat.stream(asked)) text += piece.text;
    expect(text).toBe("Hello there.");
  });

  test("a tool that is bound is called and its result answered", async () => {
    server.script.push(lookup.call, lookup.answer);
    const { chat } = await newClient();
    const bound = chat.bindTools([look]);
    const first = await bound.invoke(asked);
    const [call] = first.tool_calls ?? [];
    if (!call) throw new Error("No tool was called.");
    const result: ToolMessage = await look.invoke({ ...call, type: "tool_call" });
    const last = await bound.invoke([...asked, first, result]);
    expect(last.text).toBe(lookup.text);
    expect(server.lastAsked().messages.at(-1)).toMatchObject({ role: "tool", content: "Lyon is sunny" });
  });

  test("a call that is streamed can be sent back", async () => {
    server.script.push(lookup.call, lookup.answer);
    const { chat } = await newClient();
    const pieces = [];
    for await (const piece of await chat.bindTools([look]).stream(asked)) pieces.push(piece);
    const first = pieces.slice(1).reduce((sum, piece) => sum.concat(piece), pieces[0] ?? fail());
    expect(first.tool_calls).toMatchObject([{ name: "look", args: { city: "Lyon" } }]);
    const result = new ToolMessage({ content: "sunny", tool_call_id: first.tool_calls?.[0]?.id ?? "" });
    expect((await chat.invoke([...asked, first, result])).text).toBe(lookup.text);
  });

  test("an answer in the shape asked for is parsed", async () => {
    const written = '{"city":"Lyon","degrees":21}';
    server.script.push({ text: [written] }, { toolCalls: [{ name: "extract", arguments: written }] });
    const { chat, method } = await newClient();
    for (const way of [method, "functionCalling"]) {
      const structured = chat.withStructuredOutput(city, { method: way, name: "extract" });
      expect(await structured.invoke(asked)).toEqual({ city: "Lyon", degrees: 21 });
    }
  });

  test("texts are embedded", async () => {
    const { embeddings } = await newClient();
    expect(await embeddings.embedDocuments(["one", "two"])).toEqual([
      [0, 0.5, 0.25],
      [1, 0.5, 0.25],
    ]);
  });

  test("a stream that is left ends the work of the upstream", async () => {
    server.script.push(endless);
    const { chat } = await newClient();
    for await (const piece of await chat.stream(asked)) if (piece.text !== "") break;
    expect(await server.leftUpstream()).toBe(true);
  });

  test("a limit that is reached is told at once and never asked again", async () => {
    const { chat } = provide(await server.newPoorKey(), 3);
    await expect(chat.invoke(asked)).rejects.toThrow(/limit/);
    expect(server.statuses()).toEqual([402]);
  });

  test("a rate limit is tried again until it is over", async () => {
    const { chat } = provide(await server.newSlowKey(), 3);
    const answers = await Promise.all([1, 2].map(() => chat.invoke(asked)));
    expect(answers.map(({ text }) => text)).toEqual(["Hello there.", "Hello there."]);
    expect(server.statuses().filter((status) => status === 200)).toHaveLength(2);
  });

  test.each(["error-in-stream", "drop-in-stream"] as const)(
    "%s is an error, or the reason of the end",
    async (failure) => {
      server.script.push({ failure });
      const { chat } = await newClient();
      const ended = async () => {
        let reason: unknown;
        for await (const { response_metadata: told } of await chat.stream(asked))
          reason = told.finish_reason ?? told.finishReason ?? reason;
        return reason;
      };
      expect(await ended().catch(() => "error")).toBe("error");
    },
  );

  test("twenty are answered at once", async () => {
    const { chat } = await newClient();
    const answers = await Promise.all(Array.from({ length: 20 }, () => chat.invoke(asked)));
    for (const { text } of answers) expect(text).toBe("Hello there.");
  });
});

const fail = (): never => {
  throw new Error("Nothing came.");
};
