import { once } from "node:events";
import http from "node:http";
import { afterAll, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const models = [{ id: "talker", price: { input: 1, output: 3 }, capabilities: { completion_chat: true } }];
const v1 = await openV1(sql, { failure: "hang" }, { models, features: { tokenInputs: true } });
const scopes: Scope[] = ["completions:create", "embeddings:create"];
const secret = await keyOf(await testWorkspace(db), { scopes });
afterAll(v1.close);

/** Sends the head and some of the body; resolves once the server has begun to serve the request. */
async function ask(path: string, body: string, length = body.length): Promise<http.ClientRequest> {
  const headers = { authorization: `Bearer ${secret}`, "content-length": length, expect: "100-continue" };
  const request = http.request({ port: v1.port, host: "127.0.0.1", path, method: "POST", headers });
  request.on("error", () => undefined);
  request.flushHeaders();
  await once(request, "continue");
  request.write(body);
  return request;
}

const logged = async (endpoint: string) => {
  const rows = await sql`select outcome, status, reason, streamed, prompt_tokens, completion_tokens from usage_events
    where endpoint = ${endpoint} order by at`;
  return [...rows];
};

const question = "why ".repeat(8);
const left = { outcome: "aborted", status: 499, reason: "client_closed_request", completion_tokens: 0 };

test("billing 35: a client that leaves before there is anything is billed its prompt, and the upstream stops", async () => {
  const messages = [{ role: "user", content: question }];
  const asked: [string, string, unknown, boolean][] = [
    ["/v1/chat/completions", "chat", { model: "small", messages }, false],
    ["/v1/chat/completions", "chat", { model: "small", messages, stream: true }, true],
    ["/v1/fim/completions", "fim", { model: "small", prompt: question }, false],
    ["/v1/embeddings", "embeddings", { model: "small", input: [question] }, false],
    ["/v1/responses", "responses", { model: "small", input: question }, false],
    ["/v1/responses", "responses", { model: "small", input: question, stream: true }, true],
    ["/v1/completions", "completions", { model: "small", prompt: question }, false],
    ["/v1/completions", "completions", { model: "talker", prompt: question }, false],
    ["/v1/completions", "completions", { model: "talker", prompt: question, stream: true }, true],
    ["/v1/completions", "completions", { model: "small", prompt: [1, 2, 3, 4, 5, 6, 7, 8] }, false],
    [
      "/v1/embeddings",
      "embeddings",
      {
        model: "small",
        input: [
          [1, 2, 3, 4, 5, 6],
          [7, 8],
        ],
      },
      false,
    ],
    // The last one, because it reaches the upstream three times.
    ["/v1/completions", "completions", { model: "small", prompt: question, n: 3 }, false],
  ];
  for (const [at, [path, endpoint, body, streamed]] of asked.entries()) {
    const request = await ask(path, JSON.stringify(body));
    const arrived = await v1.upstream.arrival(at + 1);
    request.destroy();
    await arrived.closed;
    expect(arrived.aborted).toBe(true);
    const found = await vi.waitFor(async () => {
      const rows = await logged(endpoint);
      expect(rows).toHaveLength(asked.slice(0, at + 1).filter(([, other]) => other === endpoint).length);
      return rows.at(-1);
    });
    expect([body, found]).toMatchObject([body, { ...left, streamed, prompt_tokens: 8 }]);
  }
});

test("a body that breaks off is the client's doing: logged, at no cost, and no error of ours", async () => {
  const errors = vi.spyOn(process.stderr, "write");
  const request = await ask("/v1/chat/completions", '{"model":', 1000);
  request.destroy();
  const found = await vi.waitFor(async () => {
    const row = (await logged("chat")).find(({ prompt_tokens: tokens }) => tokens === 0);
    expect(row).toBeDefined();
    return row;
  });
  expect(found).toMatchObject({ outcome: "refused", reason: "client_closed_request" });
  expect(errors).not.toHaveBeenCalled();
});
