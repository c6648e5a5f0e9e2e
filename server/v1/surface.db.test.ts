import { once } from "node:events";
import net from "node:net";
import zlib from "node:zlib";
import { afterAll, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1, rawAsk, unlimited } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const context = await testWorkspace(db);
const secret = await keyOf(context, { scopes: [...unlimited.scopes, "models:read"] });
afterAll(v1.close);

const ask = rawAsk(v1.port);
const bearer = { authorization: `Bearer ${secret}` };
const json = { ...bearer, "content-type": "application/json" };
const chat = { model: "small", messages: [{ role: "user", content: "hi" }] };
const post = (body: Buffer | string, headers: Record<string, string> = {}) =>
  ask("POST", "/v1/chat/completions", { headers: { ...json, ...headers }, body });

test("help-zdr 13: every answer has ids of ours and is kept by no one on its way, and an error is JSON, whatever is asked and however", async () => {
  const asked: [string, string, number, Parameters<typeof ask>[2]?][] = [
    ["GET", "/v1", 200],
    ["GET", "/v1/", 200],
    ["GET", "/v1?x=1", 200],
    ["GET", "/v1/openapi.json", 200],
    ["GET", "/v1/models", 401],
    ["GET", "/v1/models", 200, { headers: { ...bearer, "x-request-id": "mine" } }],
    ["GET", "/v1/nothing", 404],
    ["GET", "/v1/v1/models", 404],
    ["GET", "/v1/conversations/%00", 400, { headers: bearer }],
    ["GET", "/v1/agents?name=%00", 422, { headers: bearer }],
    ["GET", "/v1/agents/%ff", 400, { headers: bearer }],
    ["PUT", "/v1/models", 405],
    ["GET", "/v1/chat/completions", 405],
    ["OPTIONS", "/v1/models", 204],
    ["OPTIONS", "/v1/nothing", 404],
    ["GET", "/v1/admin/users", 401],
    ["GET", "/models", 404],
    ["POST", "/chat/completions", 404, { headers: json, body: "{}" }],
    ["POST", "/v1/chat/completions", 422, { headers: json, body: "{nope" }],
    ["POST", "/v1/chat/completions", 422, { headers: json, body: Buffer.from([0x22, 0xff, 0x22]) }],
    ["POST", "/v1/chat/completions", 415, { headers: { ...json, "content-encoding": "rot13" }, body: "{}" }],
    [
      "POST",
      "/v1/chat/completions",
      415,
      { headers: { ...bearer, "content-type": "multipart/form-data; boundary=x" }, body: "--x--" },
    ],
    [
      "POST",
      "/v1/chat/completions",
      415,
      { headers: { ...bearer, "content-type": "application/x-www-form-urlencoded" }, body: "a=b" },
    ],
    ["POST", "/v1/chat/completions", 400, { headers: { ...json, "content-encoding": "gzip" }, body: "{}" }],
    ["POST", "/v1/chat/completions", 413, { headers: json, body: `"${"x".repeat(20_000_001)}"` }],
  ];
  for (const [method, path, status, options] of asked) {
    const answer = await ask(method, path, options);
    expect([method, path, answer.status]).toEqual([method, path, status]);
    expect(answer.headers["x-request-id"]).toMatch(/^req_[0-9a-z]{26}$/);
    expect(answer.headers["mistral-correlation-id"]).toBe(answer.headers["x-request-id"]);
    expect(answer.headers["cache-control"]).toBe("no-store");
    if (status === 204) expect(answer.text).toBe("");
    else expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    if (status >= 400) expect(JSON.parse(answer.text).error.message).toMatch(/\w/);
  }
});

test("HEAD is answered as GET without a body, by every kind of key and none", async () => {
  for (const path of ["/v1", "/v1/models", "/v1/models/small", "/v1/openapi.json"]) {
    const [get, head] = [await ask("GET", path, { headers: bearer }), await ask("HEAD", path, { headers: bearer })];
    expect([path, head.status, head.headers["content-length"]]).toEqual([path, 200, get.headers["content-length"]]);
    expect(head.text).toBe("");
  }
  expect((await ask("HEAD", "/v1/models")).status).toBe(401);
  expect((await ask("HEAD", "/v1/chat/completions")).status).toBe(405);
});

test("a wrong method is told which are right", async () => {
  expect((await ask("DELETE", "/v1/chat/completions")).headers.allow).toBe("POST, OPTIONS");
  expect((await ask("POST", "/v1/models/small")).headers.allow).toBe("GET, HEAD, DELETE, OPTIONS");
  expect((await ask("OPTIONS", "/v1/conversations/x")).headers.allow).toBe("GET, HEAD, POST, DELETE, OPTIONS");
});

test("slashes at the end or twice lead to the same endpoint", async () => {
  for (const path of ["/v1/models/", "/v1//models", "//v1/models", "/v1/models/small/", "/v1/models/?model=small"])
    expect([path, (await ask("GET", path, { headers: bearer })).status]).toEqual([path, 200]);
});

test("a base URL without /v1 is told so", async () => {
  for (const [method, path] of [
    ["POST", "/chat/completions"],
    ["GET", "/models"],
    ["POST", "/anything/else"],
  ] as const) {
    const answer = await ask(method, path, { headers: json });
    expect([path, answer.status]).toEqual([path, 404]);
    expect(JSON.parse(answer.text).message).toContain(`/v1${path}`);
  }
});

const codings: [string, (text: string) => Buffer][] = [
  ["identity", (text) => Buffer.from(text)],
  ["gzip", (text) => zlib.gzipSync(text)],
  ["GZIP", (text) => zlib.gzipSync(text)],
  ["deflate", (text) => zlib.deflateSync(text)],
  ["deflate", (text) => zlib.deflateRawSync(text)],
  ["br", (text) => zlib.brotliCompressSync(text)],
  ...(zlib.zstdCompressSync
    ? [["zstd", (text: string) => zlib.zstdCompressSync(text)] as [string, (text: string) => Buffer]]
    : []),
];

test.each(codings)(
  "a body that comes as %s is read, and one that grows beyond the limit is not",
  async (coding, pack) => {
    const read = await post(pack(JSON.stringify(chat)), { "content-encoding": coding });
    expect(read.status).toBe(200);
    const before = process.memoryUsage().rss;
    const bomb = await post(pack(`"${" ".repeat(60_000_000)}"`), { "content-encoding": coding });
    expect(bomb.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
  },
);

test("a byte order mark is no part of the text, and the type of the content is not asked for", async () => {
  expect((await post(`\ufeff${JSON.stringify(chat)}`)).status).toBe(200);
  for (const type of ["text/plain", "application/octet-stream", "application/json; charset=utf-8"])
    expect((await post(JSON.stringify(chat), { "content-type": type })).status).toBe(200);
});

test("a body is waited for where the client asks first", async () => {
  const socket = net.connect(v1.port, "127.0.0.1");
  const body = JSON.stringify(chat);
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${secret}\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n`,
  );
  const [first] = (await once(socket, "data")) as [Buffer];
  expect(first.toString()).toContain("100 Continue");
  socket.write(body);
  let answer = "";
  for await (const piece of socket) answer += piece;
  expect(answer).toMatch(/^HTTP\/1.1 200/);
});

test.each([
  [`GET /v1/models HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(200_000)}\r\n\r\n`, 431],
  ["nonsense\r\n\r\n", 400],
  ["POST /v1/models HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", 400],
])("what is no request is answered in JSON all the same", async (sent, status) => {
  const socket = net.connect(v1.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(sent);
  let answer = "";
  for await (const piece of socket) answer += piece;
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head).toMatch(/x-request-id: req_/);
  expect(JSON.parse(body).error.message).toMatch(/\w/);
});

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test.each([5000, 20_000, 1_000_000])("what is nested %i deep is refused, wherever it stands", async (levels) => {
  const bodies: [string, string][] = [
    [
      "/v1/chat/completions",
      `{"model":"small","messages":[{"role":"user","content":"x"}],"metadata":{"a":${deep(levels)}}}`,
    ],
    ["/v1/chat/completions", deep(levels)],
    ["/v1/conversations", `{"model":"small","inputs":"x","metadata":{"a":${deep(levels)}}}`],
    ["/v1/agents", `{"model":"small","name":"x","metadata":{"a":${deep(levels)}}}`],
  ];
  for (const [path, body] of bodies) {
    const answer = await ask("POST", path, { headers: json, body });
    expect([path, answer.status, JSON.parse(answer.text).message]).toEqual([
      path,
      422,
      expect.stringContaining("deep"),
    ]);
  }
  const found = await ask("GET", `/v1/agents?metadata=${encodeURIComponent(`{"a":${deep(Math.min(levels, 1000))}}`)}`, {
    headers: bearer,
  });
  expect(found.status).toBe(422);
});

test.each(["\\u0000", "\\ud800", "x\\udc00y"])("text with %s is not kept, in values and in names", async (text) => {
  const asked: [string, string, unknown[]][] = [
    ["/v1/conversations", `{"model":"small","inputs":"x","name":"${text}"}`, ["name"]],
    ["/v1/conversations", `{"model":"small","inputs":"x","metadata":{"a":["${text}"]}}`, ["metadata", "a", 0]],
    ["/v1/agents", `{"model":"small","name":"x","instructions":"${text}"}`, ["instructions"]],
    [
      "/v1/agents",
      `{"model":"small","name":"x","metadata":{"a${text}":1}}`,
      ["metadata", expect.stringContaining("a")],
    ],
  ];
  for (const [path, body, place] of asked) {
    const answer = await ask("POST", path, { headers: json, body });
    expect([path, answer.status]).toEqual([path, 422]);
    expect(JSON.parse(answer.text).detail[0].loc).toEqual(["body", ...place]);
  }
  const said = await post(`{"model":"small","user":"${text}","messages":[{"role":"user","content":"${text}"}]}`);
  expect(said.status).toBe(200);
});

test("what fails the schema is in the log with its model, whether it streams, and for whom", async () => {
  const body = JSON.stringify({ model: "small", stream: true, user: "somebody-else", messages: "no" });
  expect((await post(body)).status).toBe(422);
  const row = await vi.waitFor(async () => {
    const [found] = await sql`select requested_model, streamed, end_user from usage_events
      where organization_id = ${context.organizationId} and status = 422 and end_user = 'somebody-else'`;
    expect(found).toBeDefined();
    return found;
  });
  expect(row).toEqual({ requested_model: "small", streamed: true, end_user: "somebody-else" });
});
