import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { createAgent } from "#lib/domain/agents/commands.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { deleteTunedModel } from "#lib/domain/model-deletion/commands.ts";
import { archiveTunedModel, setTunedModelSharing } from "#lib/domain/tuned-models/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { tunedModel } from "#lib/testing/tuned-model.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
let v1: Awaited<ReturnType<typeof openV1>>;
let other: Awaited<ReturnType<typeof openV1>>;
let ctx: Context;

beforeAll(async () => {
  v1 = await openV1(sql);
  other = await openV1(sql);
});
afterAll(async () => {
  await v1.close();
  await other.close();
});
beforeEach(async () => {
  ctx = await testWorkspace(db);
});

const tuned = (place: Context = ctx) => tunedModel(place);

const scopes = ["completions:create", "models:read", "fine-tuning:write"] as const;
const secretOf = (place: Context = ctx, change = {}) => keyOf(place, { scopes: [...scopes], ...change });
const asking = (model: string) => ({ model, messages: [{ role: "user", content: "Hello" }] });
const chat = (secret: string, model: string, at = v1) => at.ask(secret, "POST", "/v1/chat/completions", asking(model));

test("fine-tuning 14, T-4.2.3-2, T-4.2.3-CONF: a tuned model answers under its own name, at its base's price, for its workspace alone", async () => {
  const { id, there } = await tuned();
  const secret = await secretOf();
  const answer = await chat(secret, id);
  expect([answer.status, answer.body.model]).toEqual([200, id]);
  expect(v1.lastAsked().model).toBe(there);
  const [event] = await v1.counted(ctx.organizationId);
  expect(event).toMatchObject({ model: id, cost: String(10n * 1_000_000n + 2n * 3_000_000n) });
  const { body: list } = await v1.ask(secret, "GET", "/v1/models");
  expect(list.data.find((card: { id: string }) => card.id === id)).toMatchObject({
    type: "fine-tuned",
    root: "small",
    archived: false,
  });
  const stranger = await secretOf(await testWorkspace(db));
  const refused = await chat(stranger, id);
  const unknown = await chat(stranger, "ft:small:nothing:20261123:00000000");
  expect([refused.status, refused.body.message.replace(id, "X")]).toEqual([
    unknown.status,
    unknown.body.message.replace("ft:small:nothing:20261123:00000000", "X"),
  ]);
  expect((await v1.ask(stranger, "GET", `/v1/models/${encodeURIComponent(id)}`)).status).toBe(404);
  expect((await v1.ask(stranger, "DELETE", `/v1/models/${encodeURIComponent(id)}`)).status).toBe(404);
});

test("fine-tuning 34: an order's price of the base is the price of what was tuned from it", async () => {
  const { id } = await tuned();
  const { active } = await orderDesk(db, ctx);
  await active("price:input:small = 0.25");
  expect((await chat(await secretOf(), id)).status).toBe(200);
  const [event] = await v1.counted(ctx.organizationId);
  expect(event?.cost).toBe(String(10n * 250_000n + 2n * 3_000_000n));
});

test("fine-tuning 14: what is shared with named people only is not there for a key of anyone else", async () => {
  const { id } = await tuned();
  const service = await secretOf(ctx, { isService: true });
  expect((await chat(service, id)).status).toBe(200);
  await setTunedModelSharing(ctx, { model: id, visibility: "restricted", grants: [] });
  await expect.poll(async () => (await chat(service, id)).status, { timeout: 1000 }).toBe(400);
  expect((await chat(await secretOf(), id)).status).toBe(200);
});

test("T-4.3-SHARE1, T-4.2.3-CONF: an agent asks its tuned model for the person who owns it: who may use the agent reaches it so, and not otherwise", async () => {
  const { id, there } = await tuned();
  await setTunedModelSharing(ctx, { model: id, visibility: "restricted", grants: [] });
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  // To who may not use it, it is not there: not for an agent either.
  const made = { name: "Mine", handle: "mine", color: "teal", content: emptyContent(id), source: "api" } as const;
  await expect(createAgent(colleague, { ...made, publish: null })).rejects.toMatchObject({ code: "invalid_model" });
  const agent = await testAgent(db, ctx, { content: { model: id }, visibility: "workspace" });
  const asked = async (secret: string) =>
    (await v1.ask(secret, "POST", "/v1/agents/completions", { agent_id: agent, messages: asking(id).messages })).status;
  const secrets = [await keyOf(colleague), await keyOf(ctx, { isService: true })];
  for (const secret of secrets) {
    expect((await chat(secret, id)).status).toBe(400);
    expect(await asked(secret)).toBe(200);
    expect(v1.lastAsked().model).toBe(there);
    expect((await chat(secret, id)).status).toBe(400);
  }
  // It is the owner's right, so it ends with that.
  await sql`update agents set owner_id = ${colleague.actor.id} where id = ${agent}`;
  await setTunedModelSharing(ctx, { model: id, visibility: "restricted", grants: [] });
  for (const secret of secrets) await expect.poll(() => asked(secret), { timeout: 1000 }).toBe(400);
});

test("fine-tuning 24: of what is archived or deleted every process knows within a second", async () => {
  const { id } = await tuned();
  const secret = await secretOf();
  const everywhere = () => Promise.all([v1, other].map(async (at) => (await chat(secret, id, at)).status));
  expect(await everywhere()).toEqual([200, 200]);
  await archiveTunedModel(ctx, { model: id });
  await expect.poll(everywhere, { timeout: 1000 }).toEqual([503, 503]);
  const path = `/v1/fine_tuning/models/${encodeURIComponent(id)}/archive`;
  expect((await v1.ask(secret, "DELETE", path)).body).toMatchObject({ id, archived: false });
  await expect.poll(everywhere, { timeout: 1000 }).toEqual([200, 200]);
  expect((await v1.ask(secret, "DELETE", `/v1/models/${encodeURIComponent(id)}`)).body).toMatchObject({
    deleted: true,
  });
  await expect.poll(everywhere, { timeout: 1000 }).toEqual([400, 400]);
});

test("T-4.2.3-DEL1: a model that agents ask is deleted only with force, and a signed receipt says what went", async () => {
  const { id } = await tuned();
  const secret = await secretOf();
  const content = { ...emptyContent(id), instructions: "Be kind." };
  await createAgent(ctx, { name: "Helper", handle: "helper", color: "teal", content, source: "api", publish: null });
  const path = `/v1/models/${encodeURIComponent(id)}`;
  const refused = await v1.ask(secret, "DELETE", path);
  expect([refused.status, refused.body.type, refused.body.message]).toEqual([
    409,
    "model_in_use",
    expect.stringContaining("Helper"),
  ]);
  expect((await v1.ask(secret, "DELETE", `${path}?force=true`)).status).toBe(200);
  const [row] = await sql`select signed from deletion_receipts where organization_id = ${ctx.organizationId}`;
  expect(JSON.parse(row?.signed)).toMatchObject({
    clause: "T-4.2.3-DEL1",
    targets: [{ kind: "model", id }],
    removed: [{ class: "tuned-models", items: 1 }],
  });
  await expect(deleteTunedModel(ctx, { model: id, force: "true" })).rejects.toMatchObject({ problem: "not_found" });
});

test("fine-tuning 41: a tuned model is named and described, and our own models are not for customers to delete", async () => {
  const { id } = await tuned();
  const secret = await secretOf();
  const path = `/v1/fine_tuning/models/${encodeURIComponent(id)}`;
  const named = await v1.ask(secret, "PATCH", path, { name: "Support", description: "Answers tickets." });
  expect(named.body).toMatchObject({ id, name: "Support", description: "Answers tickets.", model_type: "completion" });
  expect((await v1.ask(secret, "PATCH", path, { title: "x" })).status).toBe(422);
  expect((await v1.ask(secret, "DELETE", "/v1/models/small")).status).toBe(403);
});
