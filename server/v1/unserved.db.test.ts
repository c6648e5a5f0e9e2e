import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { scopes } from "#lib/core/access/roles.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const capabilities = { completion_chat: true, embeddings: true };
const models = [{ id: "leaver", aliases: ["leaver-latest"], price: { input: 1, output: 3 }, capabilities }];
const v1 = await openV1(sql, undefined, { models });
afterAll(v1.close);

const secret = await keyOf(await testWorkspace(db), { scopes: [...scopes] });
const messages = [{ role: "user", content: "Hi" }];
const chat = (model: string) => v1.ask(secret, "POST", "/v1/chat/completions", { model, messages, max_tokens: 5 });

test("contract 19, T-4.2.1-DISC1: a model that vanishes from the configuration is away under all its names, not unknown, and comes back", async () => {
  expect((await chat("leaver-latest")).status).toBe(200);
  await publishCatalogue(systemContext("test"), []);
  for (const name of ["leaver", "leaver-latest"]) {
    await expect.poll(async () => (await chat(name)).status, { timeout: 1000 }).toBe(503);
    const { body, headers } = await chat(name);
    expect(body).toMatchObject({ code: "model_unserved" });
    expect(headers.get("retry-after")).toBe("30");
  }
  expect((await chat("never-was")).body.code).toBe("1500");
  const listed = (await v1.ask(secret, "GET", "/v1/models")).body.data as { id: string }[];
  expect(listed.map(({ id }) => id)).not.toContain("leaver");
  await sql`update models set available = true where id = 'leaver'`;
  await expect.poll(async () => (await chat("leaver-latest")).status, { timeout: 1000 }).toBe(200);
});
