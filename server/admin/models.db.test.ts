import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { chooseCheckpoint } from "#lib/domain/tuned-models/commands.ts";
import { tunedModel, unservedModel } from "#lib/testing/tuned-model.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "#server/v1/testing.ts";
import { modelCommands } from "./models.ts";

const { db, sql } = await testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-models-"));
const adapter = Buffer.from("an adapter that a worker made");
let v1: Awaited<ReturnType<typeof openV1>>;
let ctx: Context;
let model: string;

beforeAll(async () => {
  v1 = await openV1(sql);
});
afterAll(async () => {
  await v1.close();
  fs.rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  ctx = await testWorkspace(db);
  model = await unservedModel(ctx, adapter);
});

const run = (name: string, options = {}) =>
  modelCommands.find((command) => command.name === name)?.run?.(systemContext("test"), options);
const actions = async () =>
  (
    await sql`select action from audit_events where organization_id = ${ctx.organizationId} and object_id = ${model}
    order by sequence`
  ).map(({ action }) => action);

test("T-4.2.3-1: what a worker trained answers once the operator says what its server calls it, and the customer can see so", async () => {
  const secret = await keyOf(ctx, { scopes: ["completions:create"] });
  const chat = () =>
    v1.ask(secret, "POST", "/v1/chat/completions", { model, messages: [{ role: "user", content: "Hello" }] });
  const refused = await chat();
  expect([refused.status, refused.body.code]).toEqual([503, "model_not_served"]);
  expect((await run("model unserved"))?.lines.join("\n")).toContain(model);

  await run("model serve", { model, as: "adapter-1" });
  await expect.poll(async () => (await chat()).status).toBe(200);
  expect(v1.lastAsked().model).toBe("adapter-1");
  expect((await run("model unserved"))?.lines.join("\n")).not.toContain(model);
  expect(await actions()).toEqual(["model.serve"]);
  // Its server has one checkpoint: another one's weights would be named and not be asked.
  await expect(chooseCheckpoint(ctx, { model, step: 20 })).rejects.toMatchObject({ problem: "conflict" });
});

test("T-4.2.3-CONF: weights come out whole, into a file of the operator alone, and the customer's log says so", async () => {
  const file = path.join(folder, "adapter.tar");
  await run("model weights", { model, file });
  expect(fs.readFileSync(file)).toEqual(adapter);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(await actions()).toEqual(["model.fetch-weights"]);
  fs.writeFileSync(file, "mine");
  await expect(run("model weights", { model, file })).rejects.toMatchObject({ problem: "conflict" });
  expect(fs.readFileSync(file, "utf8")).toBe("mine");
});

test("T-4.2.3-CONF: what was not trained by a worker, or is not there, is neither fetched nor served by hand", async () => {
  const { id: forwarded } = await tunedModel(ctx);
  await expect(run("model serve", { model: forwarded, as: "x" })).rejects.toMatchObject({ problem: "conflict" });
  const file = path.join(folder, "not-for-the-operator");
  await expect(run("model weights", { model: forwarded, file })).rejects.toMatchObject({ problem: "conflict" });
  expect(fs.existsSync(file)).toBe(false);
  await expect(run("model serve", { model: "ft:none", as: "x" })).rejects.toMatchObject({ problem: "not_found" });
  await expect(run("model serve", { model: "small", as: "x" })).rejects.toMatchObject({ problem: "invalid" });
});
