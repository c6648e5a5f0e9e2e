import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { createOpenAI } from "@ai-sdk/openai";
import { ChatOpenAI } from "@langchain/openai";
import { Agent, OpenAIResponsesModel, Runner, setTracingDisabled, tool } from "@openai/agents";
import { generateText, Output, stepCountIs, streamText, tool as toolOfAi } from "ai";
import { OpenAI } from "openai";
import { OpenAI as OpenAi6 } from "openai-6";
import { zodTextFormat } from "openai-6/helpers/zod";
import { OpenAI as OpenAi7 } from "openai-7";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { older } from "./older/openai.ts";
import { endless, lookup, model, parameters, question, testedServer } from "./tested-server.ts";

setTracingDisabled(true);
const server = await testedServer();
const input = question.content;
const city = z.object({ city: z.string(), degrees: z.number() });
const written = { text: ['{"city":"Lyon",', '"degrees":21}'] };
const look = { type: "function" as const, name: "look", description: null, parameters, strict: true };

const versions: { name: string; Client: unknown }[] = [
  ...older,
  { name: "openai 6", Client: OpenAi6 },
  { name: "openai 7", Client: OpenAi7 },
];

describe.each(versions)("$name", ({ Client }) => {
  /** Typed as one version: what is asked of them here has not changed between them. */
  const Versioned = Client as typeof OpenAi6;
  const newClient = async () =>
    new Versioned({ apiKey: await server.newKey(), baseURL: `${server.url}/v1`, maxRetries: 0 });

  test("a response comes whole and in pieces, with its usage", async () => {
    const client = await newClient();
    const whole = await client.responses.create({ model, input, instructions: "Be short.", store: false });
    expect([whole.output_text, whole.status, whole.usage?.total_tokens]).toEqual(["Hello there.", "completed", 12]);
    let text = "";
    const types: string[] = [];
    for await (const event of await client.responses.create({ model, input, store: false, stream: true })) {
      types.push(event.type);
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    expect([text, types[0], types.at(-1)]).toEqual(["Hello there.", "response.created", "response.completed"]);
  });

  test("a function is called and its result answered from what was sent back", async () => {
    server.script.push(lookup.call, lookup.answer);
    const client = await newClient();
    const first = await client.responses.create({ model, input, tools: [look], store: false });
    const [call] = first.output;
    if (call?.type !== "function_call") throw new Error(`No function was called: ${JSON.stringify(first.output)}`);
    expect(JSON.parse(call.arguments)).toEqual({ city: "Lyon" });
    const result = { type: "function_call_output" as const, call_id: call.call_id, output: "sunny" };
    const items = [{ role: "user" as const, content: input }, call, result];
    const last = await client.responses.create({ model, input: items, tools: [look], store: false });
    expect(last.output_text).toBe(lookup.text);
    expect(server.lastAsked().messages.at(-1)).toMatchObject({ role: "tool", content: "sunny" });
  });

  test("an error in mid-stream is an event of failure or an error, not an end", async () => {
    server.script.push({ failure: "error-in-stream" });
    const client = await newClient();
    const types: string[] = [];
    const read = async () => {
      for await (const { type } of await client.responses.create({ model, input, store: false, stream: true }))
        types.push(type);
    };
    const thrown = await read().catch(() => "thrown");
    expect(thrown === "thrown" || types.includes("response.failed") || types.includes("error"), `${types}`).toBe(true);
  });

  test("a stream that is left ends the work of the upstream", async () => {
    server.script.push(endless);
    const client = await newClient();
    for await (const { type } of await client.responses.create({ model, input, store: false, stream: true }))
      if (type === "response.output_text.delta") break;
    expect(await server.leftUpstream()).toBe(true);
  });

  test("twenty are answered at once", async () => {
    const client = await newClient();
    const asked = Array.from({ length: 20 }, () => client.responses.create({ model, input, store: false }));
    for (const { output_text } of await Promise.all(asked)) expect(output_text).toBe("Hello there.");
  });
});

test("openai goes on from a response that was stored, and parses one", async () => {
  const client = new OpenAi7({ apiKey: await server.newKey(), baseURL: `${server.url}/v1`, maxRetries: 0 });
  const { id } = await client.responses.create({ model, input });
  await client.responses.create({ model, input: "And in Nice?", previous_response_id: id });
  expect(server.lastAsked().messages).toHaveLength(3);
  server.script.push(written);
  const older = new OpenAi6({ apiKey: await server.newKey(), baseURL: `${server.url}/v1`, maxRetries: 0 });
  const parsed = await older.responses.parse({ model, input, text: { format: zodTextFormat(city, "weather") } });
  expect(parsed.output_parsed).toEqual({ city: "Lyon", degrees: 21 });
});

describe("ai with @ai-sdk/openai", () => {
  const newModel = async () => createOpenAI({ apiKey: await server.newKey(), baseURL: `${server.url}/v1` })(model);

  test.each([false, true])("tools are used until there is an answer, streamed: %s", async (isStreamed) => {
    server.script.push(lookup.call, lookup.answer);
    const execute = () => ({ sky: "sunny" });
    const tools = { look: toolOfAi({ inputSchema: z.object({ city: z.string() }), execute }) };
    const options = { model: await newModel(), prompt: input, tools, stopWhen: stepCountIs(3) };
    const text = isStreamed ? await streamText(options).text : (await generateText(options)).text;
    expect(text).toBe(lookup.text);
    expect(server.lastAsked().messages.at(-1)).toMatchObject({ role: "tool", content: '{"sky":"sunny"}' });
  });

  test("an object is generated in the shape asked for", async () => {
    server.script.push(written);
    const { output } = await generateText({
      model: await newModel(),
      prompt: input,
      output: Output.object({ schema: city }),
    });
    expect(output).toEqual({ city: "Lyon", degrees: 21 });
  });
});

test("@langchain/openai answers by responses, whole and in pieces", async () => {
  const configuration = { baseURL: `${server.url}/v1` };
  const chat = new ChatOpenAI({ apiKey: await server.newKey(), model, useResponsesApi: true, configuration });
  expect((await chat.invoke(input)).text).toBe("Hello there.");
  let text = "";
  for await (const piece of await chat.stream(input)) text += piece.text;
  expect(text).toBe("Hello there.");
});

test.each([false, true])("@openai/agents uses tools until there is an answer, streamed: %s", async (stream) => {
  server.script.push(lookup.call, lookup.answer);
  const client = new OpenAI({ apiKey: await server.newKey(), baseURL: `${server.url}/v1`, maxRetries: 0 });
  const execute = () => "sunny";
  const tools = [tool({ name: "look", description: "", parameters: z.object({ city: z.string() }), execute })];
  const agent = new Agent({ name: "Reporter", model: new OpenAIResponsesModel(client, model), tools });
  const runner = new Runner({ tracingDisabled: true });
  const result = stream ? await runner.run(agent, input, { stream: true }) : await runner.run(agent, input);
  if ("completed" in result) {
    for await (const _event of result);
    await result.completed;
  }
  expect(result.finalOutput).toBe(lookup.text);
});

const home = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-codex-"));
afterAll(() => fs.rmSync(home, { recursive: true }));

test("codex runs a command that is asked for and answers", async () => {
  // The name and the arguments of its shell depend on the model; what it offers says which.
  const shell = ({ body }: { body: Record<string, unknown> }) => {
    const offered = body.tools as { function: { name: string } }[];
    const names = offered.map(({ function: { name } }) => name);
    if (names.includes("exec_command"))
      return { toolCalls: [{ name: "exec_command", arguments: JSON.stringify({ cmd: "echo from-the-shell" }) }] };
    const name = names.find((one) => /shell/.test(one)) ?? `none of ${names}`;
    const command = name === "shell_command" ? "echo from-the-shell" : ["echo", "from-the-shell"];
    return { toolCalls: [{ name, arguments: JSON.stringify({ command }) }] };
  };
  server.script.push(shell, { text: ["It said so."] });
  fs.writeFileSync(
    path.join(home, "config.toml"),
    `model = "${model}"
model_provider = "comptoir"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.comptoir]
name = "Comptoir"
base_url = "${server.url}/v1"
wire_api = "responses"
env_key = "CLIENT_KEY"
request_max_retries = 0
stream_max_retries = 0
`,
  );
  const bin = path.join(import.meta.dirname, "node_modules/@openai/codex/bin/codex.js");
  const asked = promisify(execFile)(process.execPath, [bin, "exec", "--skip-git-repo-check", "--json", "Say hello."], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, CODEX_HOME: home, CLIENT_KEY: await server.newKey() },
    timeout: 60_000,
  });
  asked.child.stdin?.end();
  const { stdout } = await asked;
  expect(stdout).toContain("It said so.");
  expect(JSON.stringify(server.lastAsked().messages.at(-1))).toContain("from-the-shell");
}, 90_000);
