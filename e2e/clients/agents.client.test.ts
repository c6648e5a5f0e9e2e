import { Agent, handoff, OpenAIChatCompletionsModel, Runner, setTracingDisabled, tool } from "@openai/agents";
import { OpenAI } from "openai";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { lookup, model, question, testedServer } from "./tested-server.ts";

setTracingDisabled(true);
const server = await testedServer();
const runner = new Runner({ tracingDisabled: true });

let chat: OpenAIChatCompletionsModel;
beforeAll(async () => {
  const apiKey = await server.newKey();
  chat = new OpenAIChatCompletionsModel(new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 }), model);
});

const seen: unknown[] = [];
const look = tool({
  name: "look",
  description: "Looks out of a window.",
  parameters: z.object({ city: z.string() }),
  execute: (given) => {
    seen.push(given);
    return "sunny";
  },
});
const reporter = () => new Agent({ name: "Reporter", instructions: "Report.", model: chat, tools: [look] });

test.each([false, true])("@openai/agents uses tools until there is an answer, streamed: %s", async (stream) => {
  server.script.push(lookup.call, lookup.answer);
  seen.splice(0);
  const result = stream
    ? await runner.run(reporter(), question.content, { stream: true })
    : await runner.run(reporter(), question.content);
  if ("completed" in result) {
    for await (const _event of result);
    await result.completed;
  }
  expect(result.finalOutput).toBe(lookup.text);
  expect(seen).toEqual([{ city: "Lyon" }]);
  expect(server.lastAsked().messages.at(-1)).toMatchObject({ role: "tool", content: "sunny" });
});

test("@openai/agents hands over to another agent, which answers", async () => {
  server.script.push({ toolCalls: [{ name: "transfer_to_Reporter", arguments: "{}" }] }, lookup.call, lookup.answer);
  const desk = new Agent({ name: "Desk", instructions: "Hand over.", model: chat, handoffs: [handoff(reporter())] });
  const result = await runner.run(desk, question.content);
  expect([result.lastAgent?.name, result.finalOutput]).toEqual(["Reporter", lookup.text]);
});

test("@openai/agents parses an answer in the shape asked for", async () => {
  server.script.push({ text: ['{"city":"Lyon",', '"degrees":21}'] });
  const outputType = z.object({ city: z.string(), degrees: z.number() });
  const agent = new Agent({ name: "Parser", instructions: "Answer.", model: chat, outputType });
  expect((await runner.run(agent, question.content)).finalOutput).toEqual({ city: "Lyon", degrees: 21 });
});

test("@openai/agents goes on with what was said before", async () => {
  const first = await runner.run(reporter(), question.content);
  const next = await runner.run(reporter(), [...first.history, { role: "user", content: "And in Nice?" }]);
  expect(next.finalOutput).toBe("Hello there.");
  expect(server.lastAsked().messages).toHaveLength(4);
});

test("@openai/agents is told of an answer that breaks off", async () => {
  server.script.push({ failure: "error-in-stream" });
  const result = await runner.run(reporter(), question.content, { stream: true });
  const read = async () => {
    for await (const _event of result);
    await result.completed;
  };
  await expect(read()).rejects.toThrow();
});
