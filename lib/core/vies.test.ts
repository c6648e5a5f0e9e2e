import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOutgoing } from "#lib/core/outgoing/outgoing.ts";
import { createVies, vies } from "./vies.ts";

let answer: { status: number; body: string; cut?: boolean } = { status: 200, body: "{}" };
let asked: { url: string; body: unknown } | null = null;
const server = http.createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  asked = { url: request.url ?? "", body: JSON.parse(Buffer.concat(parts).toString()) };
  if (answer.cut) request.socket.destroy();
  else response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
});
let url = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rest-api`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const outgoing = createOutgoing({ allowHttp: true, allowedRanges: "127.0.0.1/32", timeoutMs: 1000 });
const ask = (at = url) => createVies(at, outgoing)("EL094259216", "FR44732829320");

test("a number is asked for with our own, and the reference is kept", async () => {
  const name = `A name with "valid":true in it ${"x".repeat(2000)}`;
  answer = {
    status: 200,
    body: JSON.stringify({
      countryCode: "EL",
      vatNumber: "094259216",
      requestDate: "2026-11-15T10:00:00Z",
      valid: true,
      requestIdentifier: "WAPIAAAAX1",
      name,
    }),
  };
  expect(await ask()).toMatchObject({ answer: "valid", reference: "WAPIAAAAX1", at: expect.any(Date) });
  expect(asked).toEqual({
    url: "/rest-api/check-vat-number",
    body: {
      countryCode: "EL",
      vatNumber: "094259216",
      requesterMemberStateCode: "FR",
      requesterNumber: "44732829320",
    },
  });
});

test("a number that is not registered is invalid", async () => {
  answer = { status: 200, body: JSON.stringify({ valid: false, requestIdentifier: "", name: '"valid":true' }) };
  expect(await ask()).toMatchObject({ answer: "invalid", reference: null });
});

test.each<[string, typeof answer]>([
  [
    "an error of the member state",
    { status: 200, body: '{"actionSucceed":false,"errorWrappers":[{"error":"MS_UNAVAILABLE"}]}' },
  ],
  ["an error beside an answer", { status: 200, body: '{"actionSucceed":false,"valid":false}' }],
  ["500", { status: 500, body: '{"valid":false}' }],
  ["503 of a proxy", { status: 503, body: "<html>Service unavailable</html>" }],
  ["429", { status: 429, body: "" }],
  ["404", { status: 404, body: '{"valid":false}' }],
  ["a redirect", { status: 302, body: "" }],
  ["something else than JSON", { status: 200, body: "<html></html>" }],
  ["nothing", { status: 200, body: "" }],
  ["a broken connection", { status: 200, body: "", cut: true }],
])("billing 42: VIES that is down is not an invalid number: %s", async (_, given) => {
  answer = given;
  expect(await ask()).toMatchObject({ answer: "unavailable", reference: null });
});

test("billing 42: VIES that is not there at all is not an invalid number", async () => {
  expect(await ask("http://127.0.0.1:9")).toMatchObject({ answer: "unavailable" });
});

test("without an address nothing is asked", () => {
  expect(vies()).toBeNull();
});
