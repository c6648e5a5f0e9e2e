import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { parse } from "#lib/core/env.ts";
import { openFront } from "./front.ts";
import { passToConsole } from "./pages.ts";

const open: http.Server[] = [];
afterAll(() => Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve)))));

async function listen(handler: http.RequestListener): Promise<number> {
  const server = http.createServer(handler).listen(0, "127.0.0.1");
  open.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What the console's process was given, and the front before it, behind this many proxies. */
async function front(proxies = 0) {
  const received: number[] = [];
  const inner = await listen((request, response) => {
    let size = 0;
    request.on("data", (piece: Buffer) => {
      size += piece.length;
    });
    request.on("end", () => {
      received.push(size);
      response.end("taken");
    });
  });
  const port = await listen((request, response) =>
    passToConsole(inner, request, response, { TRUSTED_PROXIES: proxies, PUBLIC_URL: undefined }),
  );
  return { url: `http://127.0.0.1:${port}/`, port, received };
}

test("a form of ordinary size arrives whole", async () => {
  const { url, received } = await front();
  const answer = await fetch(url, { method: "POST", body: "x".repeat(900_000) });
  expect([answer.status, received]).toEqual([200, [900_000]]);
});

test.each([
  "staff/orders",
  "staff/orders?create=1",
  "staff/orders/org_a/ord_b",
  "staff/billing/disputes/org_a/dsp_b",
  "ws_a/organization/billing/disputes/dsp_b",
])("a form with files of ten megabytes arrives whole at /%s, and no longer one", async (path) => {
  const { url, received } = await front();
  const sent = async (bytes: number) => {
    const body = new FormData();
    body.set("file", new File([Buffer.alloc(bytes, "a")], "signed.pdf"));
    return (await fetch(url + path, { method: "POST", body })).status;
  };
  expect(await sent(10 * 1024 * 1024)).toBe(200);
  expect(received[0]).toBeGreaterThan(10 * 1024 * 1024);
  const tooLong = await sent(11 * 1024 * 1024).catch(() => "cut off");
  expect([413, "cut off"]).toContain(tooLong);
  expect(received).toHaveLength(1);
});

test.each(["ws_a/help/files", "staff/tickets/tkt_a/files"])(
  "a file of ten megabytes on its way to a message arrives whole at /%s, and no longer one",
  async (path) => {
    const { url, received } = await front();
    const headers = { "content-type": "application/octet-stream" };
    const sent = async (bytes: number) =>
      (await fetch(url + path, { method: "POST", body: Buffer.alloc(bytes, "a"), headers })).status;
    expect(await sent(10 * 1024 * 1024)).toBe(200);
    expect(received).toEqual([10 * 1024 * 1024]);
    expect([413, "cut off"]).toContain(await sent(11 * 1024 * 1024 + 1).catch(() => "cut off"));
    expect(received).toHaveLength(1);
  },
);

test.each([
  ["", "multipart/form-data; boundary=x"],
  ["ws_a/help/files", "multipart/form-data; boundary=x"],
  ["ws_a/help/filesystem", "application/octet-stream"],
  ["ws_a/help", "application/octet-stream"],
  ["staff/tickets/files", "application/octet-stream"],
  ["sign-in", "multipart/form-data; boundary=x"],
  ["staff/ordersheet", "multipart/form-data; boundary=x"],
  ["?/staff/orders", "multipart/form-data; boundary=x"],
  ["staff/orders", "text/plain"],
  ["staff/orders", "application/json"],
])("anywhere else a form stays small: /%s as %s", async (path, type) => {
  const { url, received } = await front();
  const body = "x".repeat(1_000_001);
  const answer = await fetch(url + path, { method: "POST", body, headers: { "content-type": type } });
  expect([answer.status, received]).toEqual([413, []]);
});

test("a body that says it is too long is refused before it is read", async () => {
  const { url, received } = await front();
  const answer = await fetch(url, { method: "POST", body: "x".repeat(1_000_001) });
  expect([answer.status, received]).toEqual([413, []]);
  expect(await answer.text()).toContain("1000000 bytes at most");
});

test("a body that does not say how long it is is cut off once it is too long", async () => {
  const { port, received } = await front();
  const request = http.request({
    port,
    host: "127.0.0.1",
    method: "POST",
    headers: { "transfer-encoding": "chunked" },
  });
  request.on("error", () => undefined);
  const answered = once(request, "response") as Promise<[http.IncomingMessage]>;
  for (let i = 0; i < 40; i++) request.write("x".repeat(50_000));
  const [answer] = await answered;
  answer.resume();
  expect([answer.statusCode, received]).toEqual([413, []]);
  request.destroy();
});

test("browsers that came by https are told to stay with it, for a year; others are not", async () => {
  const behind = await front(1);
  const https = await fetch(behind.url, { headers: { "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1" } });
  expect(https.headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  const plain = await front();
  const claimed = await fetch(plain.url, { headers: { "x-forwarded-proto": "https" } });
  expect(claimed.headers.get("strict-transport-security")).toBeNull();
});

/** Sends bytes as they are and hangs up once something was answered, or the other end has hung up. */
async function raw(port: number, text: string): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  // A body that was announced and does not come breaks off; a visit has none to wait for.
  if (/^(GET|HEAD) |Length: 0\r\n\r\n$/.test(text)) socket.write(text);
  else socket.end(text);
  let answer = "";
  socket.on("data", (piece) => (answer += piece));
  await Promise.race([once(socket, "data"), once(socket, "close")]);
  socket.destroy();
  return answer.split("\r\n")[0] ?? "";
}

test("no framing of one visitor's request reaches the next visitor of the same connection to the console", async () => {
  // Answers without reading what came, as pages do: only then is the connection kept with something left on it.
  const inner = await listen((_request, response) => response.end("taken"));
  const own = { TRUSTED_PROXIES: 0, PUBLIC_URL: undefined };
  const port = await listen((request, response) => passToConsole(inner, request, response, own));
  const url = `http://127.0.0.1:${port}/`;
  const framing = fc.constantFrom(
    "Content-Length: 5\r\n",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "Connection: content-length, close\r\n",
    "Connection: keep-alive, te\r\nTE: trailers\r\n",
    "Trailer: x-next\r\n",
    "Upgrade: h2c\r\n",
    "Expect: 100-continue\r\n",
    "Proxy-Connection: keep-alive\r\n",
  );
  const method = fc.constantFrom("GET", "HEAD", "POST", "OPTIONS");
  const body = fc.constantFrom(
    "",
    "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
    "0\r\n\r\n",
    "5\r\nhello\r\n0\r\n\r\n",
    "hello",
  );
  await fc.assert(
    fc.asyncProperty(method, fc.array(framing, { maxLength: 3 }), body, async (name, lines, text) => {
      await raw(port, `${name} / HTTP/1.1\r\nHost: localhost\r\n${lines.join("")}\r\n${text}`);
      const next = await Promise.all(Array.from({ length: 4 }, () => fetch(url, { keepalive: true })));
      expect(next.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(await Promise.all(next.map((answer) => answer.text()))).toEqual(Array(4).fill("taken"));
    }),
    { numRuns: 60 },
  );
});

test("a GET with a body is refused, and so is an address that is none", async () => {
  const { port } = await front();
  expect(await raw(port, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")).toContain(" 400 ");
  const env = { ...parse(process.env), PORT: 0 };
  const own = await openFront({ env, consolePort: port });
  expect(await raw(own.port, "GET * HTTP/1.1\r\nHost: x\r\n\r\n")).toContain(" 400 ");
  expect(await raw(own.port, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")).toContain(" 400 ");
  await own.close();
});

test("what reaches the pages has a method they know, an address that is text and a host that is one", async () => {
  const reached: string[] = [];
  const inner = await listen((request, response) => {
    reached.push(`${request.method} ${request.headers["x-forwarded-host"]} ${request.url}`);
    response.end("taken");
  });
  const own = { TRUSTED_PROXIES: 1, PUBLIC_URL: undefined };
  const port = await listen((request, response) => passToConsole(inner, request, response, own));
  const piece = fc.constantFrom(
    "a",
    "/",
    "\\",
    "%",
    "%2f",
    "%5c",
    "%00",
    "%zz",
    "%ff",
    "%E2%82%AC",
    "%0d",
    ":",
    "@",
    "[",
    "é",
  );
  const part = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
  const host = fc.oneof(part, fc.constantFrom("localhost", "localhost:3000", "[::1]:80", "x:99999", "a,b", ""));
  const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "PROPFIND", "OPTIONS");
  await fc.assert(
    fc.asyncProperty(method, part, host, fc.option(host), async (name, path, host, passedOn) => {
      reached.length = 0;
      const lines = [
        `Host: ${host}`,
        ...(passedOn === null ? [] : [`X-Forwarded-Host: ${passedOn}`]),
        "Content-Length: 0",
      ];
      const answer = await raw(port, `${name} /${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      if (reached.length === 0) {
        expect(answer).toMatch(/ 40[05] /);
        return;
      }
      const [, given = "", url = ""] = reached[0]?.split(" ") ?? [];
      expect(answer).toContain(" 200 ");
      expect(["GET", "HEAD", "POST", "OPTIONS"]).toContain(name);
      expect(decodeURIComponent(url)).not.toMatch(/[\p{Cc}\\]/u);
      expect(new URL(`http://${given}`)).toMatchObject({ username: "", pathname: "/", search: "" });
    }),
    {
      numRuns: 300,
      examples: [
        ["GET", "", "localhost", null],
        ["GET", "%zz", "localhost", null],
      ],
    },
  );
  expect(await raw(port, "GET / HTTP/1.0\r\n\r\n")).toContain(" 200 ");
});

test("a broken state of the pages' router is refused, and a good one or none is passed on", async () => {
  const { url } = await front();
  const ask = async (state?: string) =>
    (await fetch(url, { headers: { rsc: "1", ...(state !== undefined && { "next-router-state-tree": state }) } }))
      .status;
  for (const state of ["", "x", "%", "%7B", "null", "[]", '["a",{"b":1}]'])
    expect(await ask(state), state.slice(0, 20)).toBe(400);
  for (const state of [undefined, encodeURIComponent('["",{"children":["__PAGE__",{}]}]')])
    expect(await ask(state)).toBe(200);
});

test("upgrades end at once where there is nothing to upgrade to", async () => {
  const { port: inner } = await front();
  const own = await openFront({ env: { ...parse(process.env), PORT: 0 }, consolePort: inner });
  const upgrade = "GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  const answers = await Promise.all(Array.from({ length: 50 }, () => raw(own.port, upgrade)));
  expect(new Set(answers)).toEqual(new Set(["HTTP/1.1 400 Bad Request"]));
  await own.close();
});

test("behind a proxy that passes on neither host nor protocol, pages are at PUBLIC_URL", async () => {
  const told: http.IncomingHttpHeaders[] = [];
  const inner = await listen((request, response) => {
    told.push(request.headers);
    response.end();
  });
  const env = { TRUSTED_PROXIES: 0, PUBLIC_URL: "https://console.example.com" };
  const port = await listen((request, response) => passToConsole(inner, request, response, env));
  await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers: { origin: "https://console.example.com" } });
  expect(told[0]).toMatchObject({ "x-forwarded-host": "console.example.com", "x-forwarded-proto": "https" });
  await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers: { origin: `http://127.0.0.1:${port}` } });
  expect(told[1]).toMatchObject({ "x-forwarded-host": `127.0.0.1:${port}`, "x-forwarded-proto": "http" });
});

test("while the console is away, browsers get a page that tries again and programs a line, both with Retry-After", async () => {
  const gone = await listen(() => undefined);
  await new Promise((resolve) => open.pop()?.close(resolve));
  const own = await listen((request, response) =>
    passToConsole(gone, request, response, { TRUSTED_PROXIES: 0, PUBLIC_URL: undefined }),
  );
  const page = await fetch(`http://127.0.0.1:${own}/`, { headers: { accept: "text/html" } });
  expect([page.status, page.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(await page.text()).toContain('http-equiv="refresh"');
  const line = await fetch(`http://127.0.0.1:${own}/`, { method: "POST", body: "x" });
  expect([line.status, line.headers.get("content-type")]).toEqual([503, "text/plain; charset=utf-8"]);
});
