import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
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
  const port = await listen((request, response) => passToConsole(inner, request, response, proxies));
  return { url: `http://127.0.0.1:${port}/`, port, received };
}

test("a form of ordinary size arrives whole", async () => {
  const { url, received } = await front();
  const answer = await fetch(url, { method: "POST", body: "x".repeat(900_000) });
  expect([answer.status, received]).toEqual([200, [900_000]]);
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
