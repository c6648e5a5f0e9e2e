import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOutgoing } from "#lib/core/outgoing/outgoing.ts";
import { callShelf, shelfOf } from "#lib/core/storage/bucket-of-others.ts";
import { receivers, sendOtlp } from "./receiver.ts";

let server: Server;
let url = "";
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith("/slow")) return response.writeHead(200).write("{");
    if (request.url?.startsWith("/moved")) return response.writeHead(307, { location: `${url}/slow` }).end();
    return response.writeHead(401).end(`You sent ${request.headers["x-key"]}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const outgoing = createOutgoing({ allowHttp: true, allowedRanges: "127.0.0.1/32", timeoutMs: 300 });
const headers = { "x-key": "very-secret" };

test("contract 41: a collector that is slow gives no answer, and the wait for it has an end", async () => {
  const { status, error } = await sendOtlp(outgoing, `${url}/slow`, { headers }, "{}");
  expect([status, error]).toEqual([null, "There was no whole answer in time."]);
});

test("contract 41: a bucket that is slow is the same", async () => {
  const settings = { endpoint: `${url}/slow`, region: "eu", bucket: "b", prefix: "", accessKeyId: "k" };
  const shelf = shelfOf(settings, { secretAccessKey: "s" });
  const { status, error } = await callShelf(outgoing, shelf, { method: "PUT", name: "x", body: Buffer.from("y") });
  expect([status, error]).toEqual([null, "There was no whole answer in time."]);
});

test("contract 41: a redirect is not followed, and of a refusal no word is kept, so none of ours said back", async () => {
  expect(await sendOtlp(outgoing, `${url}/moved`, { headers }, "{}")).toMatchObject({ status: 307, error: null });
  const refused = await sendOtlp(outgoing, `${url}/no`, { headers }, "{}");
  expect(refused).toMatchObject({ status: 401, error: null, note: null });
});

test("contract 41: neither leaves for an address of the inside", async () => {
  const closed = createOutgoing({ allowHttp: true, allowedRanges: "" });
  const shelf = shelfOf({ endpoint: url, region: "eu", bucket: "b", accessKeyId: "k" }, { secretAccessKey: "s" });
  const tries = [
    await sendOtlp(closed, `${url}/v1/traces`, { headers }, "{}"),
    await callShelf(closed, shelf, { method: "GET", name: "x" }),
  ];
  for (const { status, error } of tries)
    expect([status, error]).toEqual([null, "127.0.0.1 leads to no address on the public internet."]);
});

test("contract 41: traces and metrics go where the connection says, below the path of its address", () => {
  const given = (signals: string) => ({
    settings: { endpoint: "https://o.example.com/base/", signals, header: "authorization" },
    secret: { headerValue: "Bearer x" },
  });
  const [traces, metrics] = ["https://o.example.com/base/v1/traces", "https://o.example.com/base/v1/metrics"];
  expect(receivers.otlp(given("both"))).toEqual({ traces, metrics, headers: { authorization: "Bearer x" } });
  expect(receivers.otlp(given("traces"))).toMatchObject({ traces, metrics: null });
  expect(receivers.otlp(given("metrics"))).toMatchObject({ traces: null, metrics });
});
