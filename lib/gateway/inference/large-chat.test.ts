import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newSecret } from "#lib/core/api-keys/secret.ts";
import type { AppError } from "#lib/core/errors.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import { collect } from "#lib/engine/port/collect.ts";
import { chatInput } from "#lib/engine/port/input.ts";
import { readAll, WireMessage } from "#lib/engine/port/wire-message.ts";
import { createUpstreamEngine } from "#lib/engine/upstream/engine.ts";
import { startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { readLargeChat } from "./large-chat.ts";
import { chatRequest } from "./wire.ts";

const filler = "const answer = 42; // “forty-two”\n".repeat(300);
const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", "a\nb", '"', "\\", "€"));
const call = fc.record({
  id: fc.stringMatching(/^[a-zA-Z0-9]{9}$/),
  type: fc.constant("function"),
  function: fc.record({ name: fc.constantFrom("read", "write"), arguments: text }),
});
const message = fc.oneof(
  { weight: 20, arbitrary: fc.record({ role: fc.constantFrom("system", "user"), content: text }) },
  {
    weight: 12,
    arbitrary: fc.record({
      role: fc.constant("assistant"),
      content: fc.constantFrom(null, "x"),
      tool_calls: fc.array(call, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ role: fc.constant("tool"), tool_call_id: fc.constant("abcdefghi"), content: text }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      role: fc.constantFrom("user", "assistant", "developer"),
      content: fc.jsonValue(),
      name: text,
    }),
  },
);
const tool = fc.record({
  type: fc.constant("function"),
  function: fc.record({
    name: fc.constantFrom("read", "write", "no name"),
    parameters: fc.constantFrom({}, { type: "object" }),
  }),
});
const body = fc.record(
  {
    model: fc.constantFrom("small", "large", "m", ""),
    messages: fc.array(message, { minLength: 1, maxLength: 6 }),
    tools: fc.array(tool, { maxLength: 2 }),
    temperature: fc.constantFrom(0, 0.5, 1, 9),
    stream: fc.constantFrom(true, false, null),
    seed: fc.constantFrom(-1, 7),
    functions: fc.constantFrom(null, null, []),
    unknown: fc.jsonValue(),
  },
  { requiredKeys: ["model", "messages"] },
);
const large = (given: { messages: object[] }) =>
  Buffer.from(JSON.stringify({ ...given, messages: [{ role: "user", content: filler }, ...given.messages] }));

test("what is read of a large chat is what the ordinary way reads, and what that refuses is left to it", () => {
  let read = 0;
  fc.assert(
    fc.property(body, (given) => {
      const bytes = large(given);
      const found = readLargeChat(bytes);
      const ordinary = chatInput.safeParse(JSON.parse(bytes.toString()));
      if (!found) return;
      read++;
      expect(found.messages.every((one) => one instanceof WireMessage)).toBe(true);
      expect({ ...found, messages: readAll(found.messages) }).toEqual(ordinary.data);
    }),
    { numRuns: 1000 },
  );
  expect(read).toBeGreaterThan(100);
});

test("an upstream is sent the same, whichever way a chat was read", async () => {
  const upstream = await startFakeUpstream();
  const engine = createUpstreamEngine({ id: "fake", url: upstream.url, timeoutMs: 5000 });
  const bounds = { promptTokens: 1e6, completionTokens: 1e6 };
  await fc.assert(
    fc.asyncProperty(body, async (given) => {
      const bytes = large(given);
      const found = readLargeChat(bytes);
      if (!found) return;
      const ordinary = chatInput.parse(JSON.parse(bytes.toString()));
      for (const input of [found, ordinary])
        await engine.complete({ ...chatRequest(input, "small"), bounds }, new Cancellation()).catch(() => undefined);
      const [one, other] = upstream.requests.splice(0);
      expect(one?.body).toEqual(other?.body);
    }),
    { numRuns: 60 },
  );
  await engine.close();
  await upstream.close();
});

test("a very large chat arrives whole, also where it is sent twice and as a stream", async () => {
  const upstream = await startFakeUpstream({ answer: (_, count) => (count % 2 === 1 ? { status: 503 } : {}) });
  const engine = createUpstreamEngine({ id: "fake", url: upstream.url, timeoutMs: 5000 });
  const messages = [filler.repeat(20), "in short", filler.repeat(30)].map((content) => ({ role: "user", content }));
  const found = readLargeChat(Buffer.from(JSON.stringify({ model: "small", messages, max_tokens: 5 })));
  if (!found) throw new Error("A chat of plain messages is read.");
  const request = { ...chatRequest(found, "small"), bounds: { promptTokens: 1e6, completionTokens: 5 } };
  await engine.complete(request, new Cancellation());
  await collect(await engine.stream(request, new Cancellation()));
  expect(upstream.requests.map(({ body }) => body.messages)).toEqual([messages, messages, messages, messages]);
  await engine.close();
  await upstream.close();
});

test("an upstream that answers before it has read a very large chat, or hangs up, is told apart, and the next is asked well", async () => {
  const answers = [
    (_request: http.IncomingMessage, response: http.ServerResponse) => response.writeHead(413).end("{}"),
    (request: http.IncomingMessage) => request.socket.destroy(),
    (request: http.IncomingMessage, response: http.ServerResponse) =>
      request.resume().once("end", () => response.writeHead(400).end('{"error":{"message":"read"}}')),
  ];
  let asked = 0;
  const server = http.createServer((request, response) => answers[[0, 1, 1, 2][asked++] ?? 2]?.(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const engine = createUpstreamEngine({ id: "fake", url: `http://127.0.0.1:${port}/v1`, timeoutMs: 5000 });
  const messages = Array.from({ length: 100 }, () => ({ role: "user", content: filler.repeat(10) }));
  const found = readLargeChat(Buffer.from(JSON.stringify({ model: "small", messages })));
  if (!found) throw new Error("A chat of plain messages is read.");
  const request = { ...chatRequest(found, "small"), bounds: { promptTokens: 1e7, completionTokens: 5 } };
  const problem = () => engine.complete(request, new Cancellation()).catch((error: AppError) => error.problem);
  expect([await problem(), await problem(), await problem()]).toEqual(["too_large", "unavailable", "invalid"]);
  await engine.close();
  server.closeAllConnections();
  server.close();
});

test("a key anywhere in a large chat is left to the ordinary way, which refuses it; what only looks like one is not", () => {
  const message = (content: string) => large({ messages: [{ role: "user", content }] });
  const given = (content: string) =>
    Buffer.from(JSON.stringify({ model: "small", ...JSON.parse(message(content).toString()) }));
  expect(readLargeChat(given(`mine is ${newSecret()}.`))).toBeUndefined();
  expect(readLargeChat(given("cpt_example and cpa_other are no keys"))).toBeDefined();
});
