import http from "node:http";
import type { FakeAnswer, FakeRequest } from "#lib/testing/fake-upstream.ts";
import type { Canaries } from "./canaries.ts";

/** What the inference server does with a request that names it; each repeats what it was asked wherever it can. */
const fates: Record<string, (echo: string) => FakeAnswer> = {
  "fate-plain": (echo) => ({ text: [echo, echo] }),
  "fate-thinks": (echo) => ({ text: ["Yes."], thinking: [echo] }),
  "fate-calls": (echo) => ({ toolCalls: [{ name: "look", arguments: JSON.stringify({ echo }) }] }),
  "fate-refused": (message) => ({ status: 400, message }),
  "fate-forbidden": (message) => ({ status: 401, message }),
  "fate-busy": (message) => ({ status: 429, message, headers: { "retry-after": "0" } }),
  "fate-broken": (message) => ({ status: 500, message, headers: { "x-what": message.slice(0, 100) } }),
  "fate-drops": () => ({ failure: "drop" }),
  "fate-fails-midway": (echo) => ({ text: [echo, echo], failure: "error-in-stream" }),
  "fate-drops-midway": (echo) => ({ text: [echo, echo], failure: "drop-in-stream" }),
  "fate-ends-midway": (echo) => ({ text: [echo, echo], failure: "end-in-stream" }),
  "fate-shapeless": (echo) => ({ raw: { choices: [null], error: echo } }),
  "fate-no-json": (echo) => ({ raw: echo }),
  "fate-no-json-at-all": (echo) => ({ broken: echo.slice(echo.indexOf("z")) }),
  "fate-counts-much": (echo) => ({ text: [echo], promptTokens: 2 ** 40, completionTokens: 2 ** 40 }),
};

/** A model for each, because one that keeps failing is left alone for a while. */
export const fateModels = Object.keys(fates);

export function fateOf({ body }: FakeRequest): FakeAnswer {
  // What no header and no message may have in it is left out.
  return fates[String(body.model)]?.(JSON.stringify(body).replaceAll(/[^ -~]/g, "")) ?? {};
}

export const echoModel = "fate-plain";
const embedded = "tiny-chat-1";

type Ask = {
  method?: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** How the client ends it before its time. */
  leaves?: "with half a body" | "at the first byte";
};

const image = "data:image/png;base64,";

/** Content, and fields beside it, in every kind of request there is, in every way that it can end. */
export function everyAsk(content: Canaries, side: Canaries): Ask[] {
  const beside = () => ({
    user: side.next(),
    metadata: { [side.next()]: side.next() },
    prompt_cache_key: side.next(),
    safety_identifier: side.next(),
  });
  const said = () => [{ role: "user", content: content.next() }];
  const tool = () => ({
    type: "function",
    function: {
      name: "look",
      description: content.next(),
      parameters: { type: "object", properties: { [content.next()]: { type: "string" } } },
    },
  });
  const chat = (more: object = {}, model = echoModel) => ({ model, messages: said(), ...more });
  const answered = Object.keys(fates).flatMap((fate) =>
    [false, true].flatMap((stream): Ask[] => [
      { path: "/v1/chat/completions", body: { ...chat({ stream, tools: [tool()] }, fate), ...beside() } },
      {
        path: "/v1/fim/completions",
        body: { model: fate, prompt: content.next(), suffix: content.next(), stream, ...beside() },
      },
      {
        path: "/v1/responses",
        body: { model: fate, input: content.next(), stream, store: false, ...beside() },
      },
    ]),
  );
  return [...answered, ...shapes(content, chat), ...stateful(content, side), ...broken(content, side, chat)];
}

type Chat = (more?: object, model?: string) => object;

/** Every shape that content can have in a request that is answered. */
function shapes(content: Canaries, chat: Chat): Ask[] {
  const path = "/v1/chat/completions";
  const picture = { type: "image_url", image_url: `${image}${Buffer.from(content.next()).toString("base64")}` };
  return [
    { path, body: chat({ n: 2, stop: [content.next()], temperature: 0 }) },
    {
      path,
      body: chat({
        messages: [
          { role: "system", content: content.next() },
          { role: "user", content: "Hi" },
        ],
      }),
    },
    { path, body: chat({ messages: [{ role: "user", content: [{ type: "text", text: content.next() }, picture] }] }) },
    { path, body: chat({ messages: [{ role: "user", content: `${content.next()} `.repeat(2000) }] }) },
    {
      path,
      body: chat({
        response_format: { type: "json_schema", json_schema: { name: "a", schema: { title: content.next() } } },
      }),
    },
    {
      path,
      body: chat({
        messages: [
          { role: "user", content: "Look." },
          {
            role: "assistant",
            content: null,
            tool_calls: [
              {
                id: "call_1",
                type: "function",
                function: { name: "look", arguments: JSON.stringify({ at: content.next() }) },
              },
            ],
          },
          { role: "tool", tool_call_id: "call_1", content: content.next() },
        ],
      }),
    },
    { path, body: { model: embedded, messages: [{ role: "user", content: content.next() }], stream: true } },
    { path: "/v1/completions", body: { model: echoModel, prompt: content.next(), stream: true } },
    { path: "/v1/embeddings", body: { model: echoModel, input: [content.next(), content.next()] } },
    { path: "/v1/moderations", body: { model: echoModel, input: content.next() } },
    { path: "/v1/chat/moderations", body: { model: echoModel, input: [[{ role: "user", content: content.next() }]] } },
  ];
}

/** What keeps something for the customer: answered or refused. */
function stateful(content: Canaries, side: Canaries): Ask[] {
  const about = () => ({ name: content.next(), description: content.next(), metadata: { a: content.next() } });
  return [
    {
      path: "/v1/conversations",
      body: { model: echoModel, inputs: content.next(), instructions: content.next(), ...about() },
    },
    { path: "/v1/conversations", body: { model: echoModel, inputs: content.next(), stream: true, ...about() } },
    { path: "/v1/conversations", body: { model: "fate-broken", inputs: content.next(), ...about() } },
    { path: "/v1/conversations/search", body: { metadata: { a: content.next() } } },
    { path: "/v1/responses", body: { model: echoModel, input: content.next(), instructions: content.next() } },
    {
      path: "/v1/agents",
      body: { model: echoModel, name: side.next(), instructions: content.next(), description: content.next() },
    },
  ];
}

/** What cannot be answered: broken, too large, cut off, with words where none belong. */
function broken(content: Canaries, side: Canaries, chat: Chat): Ask[] {
  const path = "/v1/chat/completions";
  const json = (text: string) =>
    Buffer.from(`{"model":"${echoModel}","messages":[{"role":"user","content":"${text}"}]}`);
  const invalid = Buffer.concat([
    Buffer.from(`{"a":"${content.next()}`),
    Buffer.from([0xff, 0xfe, 0x80]),
    Buffer.from('"}'),
  ]);
  return [
    { path, body: Buffer.from(`{"model":"${echoModel}","messages":[{"content":"${content.next()}"`) },
    { path, body: invalid },
    { path, body: json(`${content.next()}\\u0000`) },
    { path, body: json(`${content.next()}\\ud800`) },
    { path, body: chat({ metadata: { a: `${side.next()}\u0000` } }) },
    { path, body: chat({ user: `${side.next()}\u0000` }) },
    { path, body: chat({ messages: content.next() }), headers: { "user-agent": `${side.next()}/1.0` } },
    { path, body: chat({ temperature: content.next() }) },
    { path, body: chat({ model: content.next() }) },
    { path, body: chat({ [content.next()]: 1 }) },
    { path, body: chat({ messages: [{ role: content.next(), content: content.next() }] }) },
    { path, body: json(`${content.next()} ${"x".repeat(40 * 1024 * 1024)}`) },
    { path, body: json(content.next()), leaves: "with half a body" },
    { path, body: chat({ stream: true }, "fate-fails-midway"), leaves: "at the first byte" },
    { path, body: chat({}, "fate-plain"), leaves: "at the first byte" },
    { path, body: json(content.next()), headers: { "content-type": `text/${content.next()}` } },
    {
      path,
      body: chat(),
      headers: { "user-agent": `${side.next()}/1.0`, "x-request-id": content.next(), traceparent: content.next() },
    },
    {
      path,
      body: chat(),
      headers: {
        referer: `https://example.com/${content.next()}`,
        cookie: `a=${content.next()}`,
        origin: `https://${content.next()}.example`,
      },
    },
    { path, body: chat(), headers: { "idempotency-key": content.next(), "x-zero-retention": content.next() } },
    { path, body: chat(), headers: { authorization: `Bearer ${content.next()}` } },
    { path: `/v1/${content.next()}`, body: {} },
    { path: `${path}?prompt=${content.next()}`, body: chat() },
    { method: "GET", path: `/v1/models/${content.next()}` },
    { method: "GET", path: `/v1/conversations?metadata=${content.next()}` },
    { method: "GET", path: `/v1/agents/${content.next()}` },
    { method: "DELETE", path: `/v1/conversations/${content.next()}` },
    { method: "GET", path: `/${content.next()}?q=${content.next()}` },
    { method: "GET", path: `/docs?search=${content.next()}` },
    { method: "POST", path: `/api/${content.next()}`, body: { a: content.next() } },
  ];
}

const asBytes = (body: unknown): Buffer | undefined =>
  body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));

/** Asks as it is given, and answers the status; 0 where the connection ended before one. */
export function send(
  url: string,
  secret: string,
  { method = "POST", path, body, headers, leaves }: Ask,
): Promise<number> {
  const bytes = asBytes(body);
  return new Promise((resolve) => {
    const request = http.request(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(bytes && { "content-type": "application/json", "content-length": bytes.length }),
        ...headers,
      },
    });
    request.once("error", () => resolve(0));
    request.once("response", (response) => {
      response.on("error", () => undefined).once("close", () => resolve(response.statusCode ?? 0));
      if (leaves === "at the first byte") response.once("data", () => request.destroy());
      else response.resume();
    });
    if (leaves === "with half a body" && bytes) {
      request.write(bytes.subarray(0, bytes.length - 5), () => request.destroy());
    } else request.end(bytes);
  });
}
