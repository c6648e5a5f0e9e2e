import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { attemptsMax, type EventType, eventTypes } from "#lib/core/webhooks/events.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { createKey, revokeKey } from "#lib/domain/keys/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  replayDelivery,
  rotateWebhookSecret,
  switchWebhook,
  testWebhook,
} from "./commands.ts";
import { attemptDelivery } from "./delivery/commands.ts";
import { createWebhookInput, deliveriesInput } from "./input.ts";
import { deliverWebhook } from "./jobs.ts";
import { deliveriesOf, delivery, webhook, webhooks } from "./queries.ts";

const { db, sql } = await testDatabase();

type Got = { headers: Record<string, string>; body: string };
const receiver = { got: [] as Got[], status: 200, answer: "thanks" };
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => {
    body += part;
  });
  request.on("end", () => {
    receiver.got.push({ headers: request.headers as Record<string, string>, body });
    if (receiver.status === 0) return request.socket.destroy();
    return response.writeHead(receiver.status).end(receiver.answer);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => server.close());
const bound = server.address();
const url = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : 0}/hooks/very-secret-path`;

let ctx: Context;
let job: AccountContext;
beforeEach(async () => {
  Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
  Object.assign(receiver, { got: [], status: 200, answer: "thanks" });
  await sql`delete from graphile_worker._private_jobs`;
  ctx = await testWorkspace(db);
  const actor = { kind: "job", id: "test", name: "test", permissions: new Set(systemPermissions) } as const;
  job = { ...ctx, actor };
});

const all = Object.keys(eventTypes) as EventType[];
const make = (types: EventType[] = all, of = ctx) => createWebhook(of, { url, description: "Ops", eventTypes: types });
const key = () =>
  createKey(ctx, { name: "Checkout", scopes: ["models:read"], models: null, addresses: null, expiresInDays: null });
const queued = async () =>
  await sql`select key, run_at from graphile_worker.jobs where task_identifier = 'integrations.deliver-webhook'`;
const listed = async (id: Id<"webhookEndpoint">) => (await deliveriesOf(ctx, id, deliveriesInput.parse({}))).rows;

/** Runs what is queued, as the workers would. */
async function work(): Promise<void> {
  const jobs = await sql`select payload from graphile_worker._private_jobs as job
    join graphile_worker._private_tasks as task on task.id = job.task_id where task.identifier = 'integrations.deliver-webhook'`;
  await sql`delete from graphile_worker._private_jobs`;
  for (const { payload } of jobs) await deliverWebhook.perform(payload);
}

describe("a webhook", () => {
  test("gets an event, signed as the Standard Webhooks say, in the transaction that caused it", async () => {
    const { id, secret } = await make(["api_key.created"]);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const undone = transaction(ctx, async (ctx) => {
      await publishWebhookEvent(ctx, "api_key.created", { ...eventTypes["api_key.created"].example });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect([await listed(id), await queued()]).toEqual([[], []]);
    const made = await key();
    expect(await queued()).toHaveLength(1);
    await work();
    const [message] = receiver.got;
    if (!message) throw new Error("A message was expected.");
    const verified = new Webhook(secret).verify(message.body, message.headers) as Record<string, unknown>;
    expect(verified).toEqual({
      type: "api_key.created",
      timestamp: made.id ? expect.stringMatching(/^2\d{3}-.*Z$/) : "",
      data: { key_id: made.id, name: "Checkout", workspace_id: ctx.workspaceId, successor_of: null, expires_at: null },
    });
    expect(message.body).not.toContain(made.secret);
    expect(message.headers["webhook-id"]).toMatch(/^wev_/);
    expect(await listed(id)).toMatchObject([{ state: "delivered", attempts: 1, type: "api_key.created" }]);
    expect(() => new Webhook(`whsec_${"A".repeat(43)}=`).verify(message.body, message.headers)).toThrow();
  });

  test("is told of its own organization's events of the types it asked for, and of nothing else", async () => {
    const other = await testWorkspace(db);
    const { id } = await make(["api_key.revoked"]);
    const { id: theirs } = await make(all, other);
    const { id: keyId } = await key();
    expect(await listed(id)).toEqual([]);
    await revokeKey(ctx, { id: keyId });
    expect(await listed(id)).toMatchObject([{ type: "api_key.revoked", data: { key_id: keyId, reason: "revoked" } }]);
    expect((await deliveriesOf(other, theirs, deliveriesInput.parse({}))).rows).toEqual([]);
    await expect(webhook(other, id)).rejects.toMatchObject({ problem: "not_found" });
    expect((await deliveriesOf(other, id, deliveriesInput.parse({}))).rows).toEqual([]);
    const [mine] = await listed(id);
    await expect(delivery(other, id, mine?.id ?? "")).rejects.toMatchObject({ problem: "not_found" });
    for (const act of [
      () => changeWebhook(other, { id, url, description: "", eventTypes: all }),
      () => switchWebhook(other, { id, enabled: false }),
      () => rotateWebhookSecret(other, { id }),
      () => deleteWebhook(other, { id }),
      () => testWebhook(other, { id }),
      () => replayDelivery(other, { delivery: mine?.id ?? "whd_0" }),
    ]) {
      await expect(act()).rejects.toMatchObject({ problem: "not_found" });
    }
  });

  test("is made and seen by organization admins only", async () => {
    const dev = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
    const { id } = await make();
    for (const act of [
      () => make(all, dev),
      () => webhooks(dev),
      () => webhook(dev, id),
      () => deliveriesOf(dev, id, deliveriesInput.parse({})),
      () => changeWebhook(dev, { id, url, description: "", eventTypes: all }),
      () => switchWebhook(dev, { id, enabled: false }),
      () => rotateWebhookSecret(dev, { id }),
      () => deleteWebhook(dev, { id }),
      () => testWebhook(dev, { id }),
    ]) {
      await expect(act()).rejects.toMatchObject({ problem: "forbidden" });
    }
  });

  test("keeps its secret sealed, shows it once, and the audit log has neither it nor the path of the address", async () => {
    const { id, secret } = await make();
    const [row] =
      await sql`select webhook_endpoints::text as all, encode(secret, 'escape') as secret from webhook_endpoints where id = ${id}`;
    const raw = Buffer.from(secret.slice(6), "base64");
    expect(`${row?.all} ${row?.secret}`).not.toContain(secret.slice(6));
    expect(`${row?.all}`).not.toContain(raw.toString("hex"));
    expect(JSON.stringify(await webhook(ctx, id))).not.toContain('secret":');
    const audited = await sql`select audit_events::text as all from audit_events where object_id = ${id}`;
    expect(audited).toHaveLength(1);
    expect(String(audited[0]?.all)).not.toMatch(/very-secret-path|whsec_/);
  });

  test("with a rotated secret signs with both for a day, then with the new one", async () => {
    const { id, secret: old } = await make(["api_key.created"]);
    const { secret: fresh } = await rotateWebhookSecret(ctx, { id });
    expect(fresh).not.toBe(old);
    await key();
    await work();
    const [message] = receiver.got;
    for (const secret of [old, fresh]) new Webhook(secret).verify(message?.body ?? "", message?.headers ?? {});
    await key();
    const later = { ...job, now: addDays(ctx.now, 1), organizationId: ctx.organizationId };
    const waiting = (await listed(id)).find(({ state }) => state === "waiting");
    await attemptDelivery(later, waiting?.id ?? "whd_0", async () => undefined);
    const last = receiver.got.at(-1);
    new Webhook(fresh).verify(last?.body ?? "", last?.headers ?? {});
    expect(() => new Webhook(old).verify(last?.body ?? "", last?.headers ?? {})).toThrow();
  });
});

describe("a delivery that fails", () => {
  test("is tried again later, every attempt is kept, and arrives with the same event id", async () => {
    const { id } = await make(["api_key.created"]);
    receiver.status = 503;
    receiver.answer = "x".repeat(5000);
    await key();
    await work();
    const [first] = await listed(id);
    expect(first).toMatchObject({ state: "waiting", attempts: 1 });
    const [retry] = await queued();
    const wait = new Date(retry?.run_at).getTime() - Date.now();
    expect(wait).toBeGreaterThan(5_000);
    expect(wait).toBeLessThan(13_000);
    expect((await webhook(ctx, id)).failingSince).not.toBeNull();
    receiver.status = 0;
    await work();
    receiver.status = 204;
    receiver.answer = "";
    await work();
    const seen = await delivery(ctx, id, first?.id ?? "");
    expect(seen).toMatchObject({ state: "delivered", attempts: 3 });
    expect(seen.tries).toMatchObject([
      { number: 1, status: 503, answer: "x".repeat(1024), error: null },
      { number: 2, status: null, error: expect.any(String) },
      { number: 3, status: 204, error: null },
    ]);
    expect(new Set(receiver.got.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect((await webhook(ctx, id)).failingSince).toBeNull();
    expect(await queued()).toEqual([]);
  });

  test("is given up after its last attempt, and can be sent again from the console", async () => {
    const { id } = await make(["api_key.created"]);
    receiver.status = 500;
    await key();
    for (let i = 0; i < attemptsMax; i++) await work();
    const [failed] = await listed(id);
    expect(failed).toMatchObject({ state: "failed", attempts: attemptsMax, nextAt: null });
    expect(await queued()).toEqual([]);
    receiver.status = 200;
    const again = await replayDelivery(ctx, { delivery: failed?.id ?? "whd_0" });
    await work();
    expect(await delivery(ctx, id, again)).toMatchObject({ state: "delivered", replayOf: failed?.id });
    expect(receiver.got.at(-1)?.headers["webhook-id"]).toBe(receiver.got[0]?.headers["webhook-id"]);
  });

  test("for five days switches its endpoint off once and says so by letter; switched on, it works again", async () => {
    const { id } = await make(["api_key.created"]);
    receiver.status = 500;
    await key();
    await work();
    await sql`update webhook_endpoints set failing_since = now() - interval '5 days 1 minute' where id = ${id}`;
    await key();
    await work();
    expect(await webhook(ctx, id)).toMatchObject({
      enabled: false,
      disabledReason: expect.stringContaining("five days"),
    });
    const letters = await sql`select kind, text from letters where organization_id = ${ctx.organizationId}`;
    expect(letters).toMatchObject([{ kind: "integrations.webhook-disabled" }]);
    expect(letters[0]?.text).not.toContain("very-secret-path");
    expect((await listed(id)).map(({ state }) => state)).toEqual(["failed", "failed"]);
    await key();
    expect(await listed(id)).toHaveLength(2);
    await expect(testWebhook(ctx, { id })).rejects.toMatchObject({ problem: "conflict" });
    await switchWebhook(ctx, { id, enabled: true });
    receiver.status = 200;
    await testWebhook(ctx, { id });
    await work();
    expect((await listed(id)).filter(({ state }) => state === "delivered")).toMatchObject([{ type: "webhook.test" }]);
  });

  test("never reaches a private address, not even one the endpoint had before the rule was drawn", async () => {
    const { id } = await make(["api_key.created"]);
    await key();
    env().OUTGOING_ALLOWED_RANGES = "";
    await work();
    expect(receiver.got).toEqual([]);
    const [kept] = await listed(id);
    const seen = await delivery(ctx, id, kept?.id ?? "");
    expect(seen.tries).toMatchObject([{ status: null, error: expect.stringContaining("public internet") }]);
    const given = createWebhookInput.parse({ url, description: "", eventTypes: "limit.reached" });
    await expect(createWebhook(ctx, given)).rejects.toMatchObject({
      problem: "invalid",
      fields: { url: [expect.stringContaining("public internet")] },
    });
    await expect(changeWebhook(ctx, { id, ...given })).rejects.toMatchObject({ code: "address_refused" });
    env().DEMO = "off";
    await expect(createWebhook(ctx, given)).rejects.toThrow();
  });

  test("by hand is sent ten times a minute at most, tests and replays together, for each organization", async () => {
    const { id } = await make();
    const sent = await testWebhook(ctx, { id });
    for (let n = 0; n < 4; n++) await testWebhook(ctx, { id });
    for (let n = 0; n < 5; n++) await replayDelivery(ctx, { delivery: sent });
    const refused = { problem: "rate_limited", retryAfter: 60 };
    await expect(testWebhook(ctx, { id })).rejects.toMatchObject(refused);
    await expect(replayDelivery(ctx, { delivery: sent })).rejects.toMatchObject(refused);
    await testWebhook({ ...ctx, now: addMinutes(ctx.now, 2) }, { id });
  });

  test("of a deleted endpoint ends, and its secret is gone", async () => {
    const { id } = await make(["api_key.created"]);
    await key();
    await deleteWebhook(ctx, { id });
    await work();
    expect(receiver.got).toEqual([]);
    const [row] = await sql`select length(secret) as length from webhook_endpoints where id = ${id}`;
    expect(row?.length).toBe(0);
    expect(await webhooks(ctx)).toEqual([]);
  });
});
