import { request as plainRequest } from "node:http";
import { expect, test } from "@playwright/test";
import { admin, type Customer, newCustomer, serverUrl } from "#e2e/server.ts";

let customer: Customer;

test.beforeAll(async () => {
  customer = await newCustomer();
});

const bearer = () => ({ authorization: `Bearer ${customer.secret}`, "content-type": "application/json" });
const chat = (body: object, headers: Record<string, string> = bearer()) =>
  fetch(`${serverUrl}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
const hello = { model: "tiny-chat-1", messages: [{ role: "user", content: "Hello" }] };

test("T-4.2.1-KEY2: a key in the address is refused, even a right one", async () => {
  for (const query of [`?api_key=${customer.secret}`, `?key=anything`, `?x=${customer.secret}`]) {
    const answer = await fetch(`${serverUrl}/v1/models${query}`, { headers: bearer() });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain("key_in_url");
    expect(text).not.toContain(customer.secret);
  }
});

test("T-4.2.1-KEY2: a key in a prompt is refused with the advice to rotate it", async () => {
  const answer = await chat({ ...hello, messages: [{ role: "user", content: `my key is ${customer.secret}` }] });
  expect(answer.status).toBe(400);
  expect((await answer.json()).error.code).toBe("key_in_body");
});

test("every answer has a request id and is JSON, errors and unknown paths too", async () => {
  for (const [path, status] of [
    ["/v1/nothing", 404],
    ["/v1/models", 401],
    ["/v1/models/", 401],
    ["/models", 404],
  ] as const) {
    const answer = await fetch(`${serverUrl}${path}`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    expect((await answer.json()).error.message).toBeTruthy();
  }
  const good = await fetch(`${serverUrl}/v1/models`, { headers: bearer() });
  expect(good.headers.get("x-request-id")).toMatch(/^req_/);
});

test("a body that is not JSON, and one that is too large, are refused clearly", async () => {
  const broken = await fetch(`${serverUrl}/v1/chat/completions`, { method: "POST", headers: bearer(), body: "{nope" });
  expect(broken.status).toBe(422);
  const huge = await fetch(`${serverUrl}/v1/chat/completions`, {
    method: "POST",
    headers: bearer(),
    body: `"${"x".repeat(21_000_000)}"`,
  });
  expect(huge.status).toBe(413);
});

test("a conversation in an impossible order gets the error the clients know", async () => {
  const answer = await chat({
    ...hello,
    messages: [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ],
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ type: "invalid_request_message_order", code: "3230" });
});

test("a client that hangs up is billed for what was produced, and the log says why", async () => {
  const other = await newCustomer();
  await new Promise<void>((resolve, reject) => {
    const url = new URL(`${serverUrl}/v1/chat/completions`);
    const outgoing = plainRequest(
      url,
      { method: "POST", headers: { authorization: `Bearer ${other.secret}` } },
      (answer) => {
        answer.once("data", () => {
          outgoing.destroy();
          resolve();
        });
      },
    );
    outgoing.once("error", reject);
    outgoing.end(
      JSON.stringify({
        model: "tiny-chat-1",
        stream: true,
        n: 8,
        max_tokens: 4000,
        min_tokens: undefined,
        temperature: 1.5,
        messages: [{ role: "user", content: "Write on and on about everything." }],
      }),
    );
  });
  const events = async () =>
    (await admin<{ events: number }>("usage", "show", "--organization", other.organizationId)).events;
  // Each look is a command of its own, which takes a while on a busy machine.
  await expect.poll(events, { timeout: 20_000 }).toBe(1);
  const usage = await admin<{ eventsPico: string; months: { settledPico: string }[] }>(
    "usage",
    "show",
    "--organization",
    other.organizationId,
  );
  expect(usage.months[0]?.settledPico).toBe(usage.eventsPico);
});

test("T-4.2.1-KEY4: a revoked key is refused in under a second", async () => {
  const other = await newCustomer();
  const ask = () => chat(hello, { authorization: `Bearer ${other.secret}` });
  expect((await ask()).status).toBe(200);
  await admin("key", "revoke", "--id", other.keyId);
  const begun = performance.now();
  await expect.poll(async () => (await ask()).status, { intervals: [20] }).toBe(401);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test("T-4.2.2.1-D1 and -D2 hold, and every sum agrees, after all of this", async () => {
  const verdicts = await admin<{ name: string; violations: number }[]>("verify");
  expect(verdicts.filter(({ violations }) => violations > 0)).toEqual([]);
});
