import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { scopes } from "#lib/core/access/roles.ts";
import { addDays, addMonths, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { announceEnd, beginAgreement, giveNotice } from "#lib/testing/model-ends.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const capabilities = {
  completion_chat: true,
  completion_fim: true,
  embeddings: true,
  moderation: true,
  fine_tuning: true,
};
const price = { input: 1, output: 3, training: 1 };
const more = ["ending", "next", "last"].map((id) => ({
  ...{ id, price, capabilities },
  aliases: id === "ending" ? ["ending-latest"] : [],
}));
const v1 = await openV1(sql, undefined, { models: more });
afterAll(v1.close);

const nowhere = "01999999-9999-7999-8999-999999999999";
const messages = [{ role: "user", content: "Hi" }];
/** Every way in that names a model. */
const entrances: Record<string, (model: string) => object> = {
  "/v1/chat/completions": (model) => ({ model, messages, max_tokens: 5 }),
  "/v1/fim/completions": (model) => ({ model, prompt: "def f", max_tokens: 5 }),
  "/v1/completions": (model) => ({ model, prompt: "Once", max_tokens: 5 }),
  "/v1/embeddings": (model) => ({ model, input: "Text" }),
  "/v1/moderations": (model) => ({ model, input: "Text" }),
  "/v1/chat/moderations": (model) => ({ model, input: messages }),
  "/v1/responses": (model) => ({ model, input: "Hi", store: false }),
  "/v1/conversations": (model) => ({ model, inputs: "Hi", store: false }),
  "/v1/agents": (model) => ({ model, name: "Helper" }),
  "/v1/batch/jobs": (model) => ({ model, endpoint: "/v1/chat/completions", requests: [{ body: { messages } }] }),
  "/v1/fine_tuning/jobs": (model) => ({ model, hyperparameters: {}, training_files: [{ file_id: nowhere }] }),
};

type Customer = { ctx: Context; secret: string; ask: ReturnType<typeof asks> };
const asks =
  (secret: string) =>
  async (path: string, body?: object, method = "POST") => {
    const { status, headers, body: got } = await v1.ask(secret, method, path, body);
    return { status, headers, code: String(got.code ?? ""), body: got };
  };

async function customer(days: number): Promise<Customer> {
  const ctx = await testWorkspace(db);
  await beginAgreement(sql, ctx.organizationId, days);
  const secret = await keyOf(ctx, { scopes: [...scopes] });
  return { ctx, secret, ask: asks(secret) };
}

const announcedAt = addDays(now(), -200);
const retiresAt = addDays(now(), 20);
let old: Customer;
let fresh: Customer;
let change: string;
beforeAll(async () => {
  old = await customer(-300);
  fresh = await customer(-10);
  change = await announceEnd(sql, { model: "ending", replacement: "next", announcedAt, retiresAt });
  await giveNotice(sql, { organizationId: old.ctx.organizationId, change, effectiveAt: addDays(now(), 25) });
});

const listed = async ({ ask }: Customer) =>
  ((await ask("/v1/models", undefined, "GET")).body.data as { id: string; root?: string }[]).map(({ id }) => id);
const chat = ({ ask }: Customer, model = "ending") => ask("/v1/chat/completions", { model, messages, max_tokens: 5 });
/** News reaches the gate in less than a second. */
const soon = (probe: () => Promise<unknown>) => expect.poll(probe, { timeout: 1000 });

const refused = async (one: Customer, path: string, expected: string) => {
  const { status, code, headers, body } = await one.ask(path, entrances[path]?.("ending"));
  expect([path, status, code, headers.get("x-should-retry")]).toEqual([path, 404, expected, "false"]);
  expect(body).toMatchObject({ replacement: "next", announced_at: announcedAt.toISOString() });
  expect(String(body.doc_url)).toMatch(/\/docs\/models\/ending$/);
};

describe("contract 17, T-4.2.1-DISC2: a model whose end is announced", () => {
  test("is asked about at every entrance that names one", async () => {
    const document = (await v1.ask(old.secret, "GET", "/v1/openapi.json")).body;
    const withModel = Object.entries(document.paths as Record<string, { post?: Record<string, never> }>)
      .filter(([, { post }]) => JSON.stringify(post?.requestBody ?? {}).includes('"model":{'))
      .map(([path]) => path);
    // Of an agent's the model is its own: asked below.
    expect(withModel.filter((path) => !entrances[path])).toEqual(["/v1/agents/completions"]);
  });

  test.each(Object.keys(entrances))("is not offered to a new customer at %s", async (path) => {
    await refused(fresh, path, "model_not_available");
    const { code } = await old.ask(path, entrances[path]?.("ending"));
    expect(code).not.toMatch(/^model_(not_available|retired)$|^1500$/);
  });

  test("is on the lists of those alone who can ask it", async () => {
    expect(await listed(old)).toContain("ending");
    expect(await listed(fresh)).not.toContain("ending");
    expect((await fresh.ask("/v1/models/ending", undefined, "GET")).code).toBe("model_not_available");
    expect((await contractModels(old.ctx)).map(({ id }) => id)).toContain("ending");
    expect((await contractModels(fresh.ctx)).map(({ id }) => id)).not.toContain("ending");
  });

  test("leaves its other names to what replaces it, for those who cannot have it", async () => {
    expect((await chat(fresh, "ending-latest")).status).toBe(200);
    expect((await v1.counted(fresh.ctx.organizationId)).at(-1)?.model).toBe("next");
    expect(await listed(fresh)).toContain("ending-latest");
    await chat(old, "ending-latest");
    expect((await v1.counted(old.ctx.organizationId)).at(-1)?.model).toBe("ending");
    const { aliases } = (await contractModels(fresh.ctx)).find(({ id }) => id === "next") ?? {};
    expect(aliases).toEqual(["ending-latest"]);
  });

  test("is not asked for an agent, a conversation of it, or one it hands over to", async () => {
    const moved = await customer(-300);
    const { body: inner } = await moved.ask("/v1/agents", { model: "ending", name: "Inner" });
    await beginAgreement(sql, moved.ctx.organizationId, -10);
    await soon(async () => (await chat(moved)).code).toBe("model_not_available");
    const asked = { agent_id: inner.id, messages };
    expect((await moved.ask("/v1/agents/completions", asked)).code).toBe("model_not_available");
    const { code } = await moved.ask("/v1/conversations", { agent_id: inner.id, inputs: "Hi" });
    expect(code).toBe("model_not_available");
    const { body: outer } = await moved.ask("/v1/agents", { model: "next", name: "Outer", handoffs: [inner.id] });
    v1.script.push({ toolCalls: [{ name: "transfer_to_inner", arguments: "{}" }] });
    const handed = await moved.ask("/v1/conversations", { agent_id: outer.id, inputs: "Hi" });
    expect(
      (await v1.counted(moved.ctx.organizationId)).filter(({ model, status }) => model === "ending" && status === 200),
    ).toEqual([]);
    expect(handed.code).toBe("model_not_available");
  });

  test("is a new customer's where an order says so, six months from its signature at least", async () => {
    const ordered = await customer(-10);
    const { active } = await orderDesk(db, ordered.ctx);
    expect((await chat(ordered)).code).toBe("model_not_available");
    await active("model.allowed:ending = yes");
    await soon(async () => (await chat(ordered)).status).toBe(200);
    const { body } = await ordered.ask("/v1/models/ending", undefined, "GET");
    const signedAt = new Date(`${addDays(now(), -1).toISOString().slice(0, 10)}T00:00:00Z`);
    expect(body.retires_at).toBe(addMonths(signedAt, 6).toISOString());
  });
});

describe("contract 17, T-4.2.1-DISC1: a model retires for a customer", () => {
  const at = (effectiveAt: Date | null) =>
    giveNotice(sql, { organizationId: old.ctx.organizationId, change, effectiveAt });

  test("not without their own notice, and then on its date", async () => {
    const late = await customer(-300);
    const done = await announceEnd(sql, {
      ...{ model: "next", replacement: "last", announcedAt, retiresAt: addDays(now(), 30) },
    });
    expect((await late.ask("/v1/models/next", undefined, "GET")).body.retires_at).toBeNull();
    await giveNotice(sql, { organizationId: late.ctx.organizationId, change: done, effectiveAt: addDays(now(), 33) });
    await soon(async () => (await late.ask("/v1/models/next", undefined, "GET")).body.shutdown_date).toBe(
      addDays(now(), 33).toISOString().slice(0, 10),
    );
    await sql`delete from legal_notices where about_id = ${done}`;
    await sql`delete from model_changes where id = ${done}`;
  });

  test("from its instant on, at every entrance and with its agents, and to no one else", async () => {
    const { body: agent } = await old.ask("/v1/agents", { model: "ending", name: "Theirs" });
    await sql`alter table model_changes disable trigger model_changes_guard`;
    await sql`update model_changes set announced_at = ${addDays(now(), -400)}, retires_at = ${addDays(now(), -1)} where id = ${change}`;
    await sql`update agreements set starts_at = ${addDays(now(), -500)} where organization_id = ${old.ctx.organizationId}`;
    await sql`alter table model_changes enable trigger model_changes_guard`;
    const unnoticed = await customer(-500);
    await at(addDays(now(), 1));
    await soon(async () => (await chat(old)).status).toBe(200);
    await at(addDays(now(), -1));
    await soon(async () => (await chat(old)).code).toBe("model_retired");
    for (const path of Object.keys(entrances)) {
      const { status, code } = await old.ask(path, entrances[path]?.("ending"));
      expect([path, status, code]).toEqual([path, 404, "model_retired"]);
    }
    expect((await old.ask("/v1/agents/completions", { agent_id: agent.id, messages })).code).toBe("model_retired");
    expect((await chat(old, "ending-latest")).status).toBe(200);
    expect((await chat(unnoticed)).status).toBe(200);
    expect((await chat(fresh)).code).toBe("model_retired");
    await sql`update models set available = false where id = 'ending'`;
    await soon(async () => (await chat(unnoticed)).code).toBe("model_unserved");
    expect((await chat(old)).code).toBe("model_retired");
  });
});
