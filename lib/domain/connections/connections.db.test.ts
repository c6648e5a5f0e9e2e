import { afterAll, beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { asWorker, attemptsOf, connectSlack, deliverQueued, reachLocal, versionOf } from "#lib/testing/connections.ts";
import { ServiceServer } from "#lib/testing/service-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { checkConnections, noteAttempt } from "./attempts/commands.ts";
import { disconnectService, pauseConnection, resumeConnection, testConnection } from "./commands.ts";
import { changeConnection, connectService } from "./connecting/commands.ts";
import { attemptEvent, replayEvent } from "./delivery/commands.ts";
import { changeConnectionInput, connectInput } from "./input.ts";
import { restrictConnector } from "./restricting/commands.ts";

const { db, sql } = await testDatabase();
const chat = await new ServiceServer().start();
afterAll(() => chat.close());
const path = "/services/T000/very-secret-path-0042";

let ctx: Context;
beforeEach(async () => {
  reachLocal();
  chat.reset();
  await sql`delete from graphile_worker._private_jobs`;
  await sql`delete from letters`;
  ctx = await testWorkspace(db);
});

const url = () => chat.url + path;
const makeKey = (of = ctx) =>
  createKey(of, { name: "Checkout", scopes: ["models:read"], models: null, addresses: null, expiresInDays: null });
const row = async (id: Id<"connection">) => (await sql`select * from connections where id = ${id}`)[0];
const actions = async (of = ctx) =>
  (await sql`select action from audit_events where organization_id = ${of.organizationId} order by sequence`).map(
    ({ action }) => action,
  );
const letters = async () => (await sql`select subject from letters order by id`).map(({ subject }) => subject);
const note = (id: Id<"connection">, status: number | null, at = ctx.now) =>
  noteAttempt(asWorker(ctx, at), id, { kind: "event", about: "api_key.created", status, ms: 1 });

test("contract 41: T-4.2.1-TPS1: a chat gets a message for each event it asked for, and a real one when it is connected or tested", async () => {
  const id = await connectSlack(ctx, { url: url() });
  expect(chat.got).toMatchObject([{ path }]);
  await testConnection(ctx, { id });
  await makeKey();
  expect(await deliverQueued(sql)).toBe(1);
  expect(chat.got).toHaveLength(3);
  const { text } = JSON.parse(chat.got[2]?.body ?? "{}");
  expect(text).toMatch(/^\*An API key is created.*\*\n/);
  expect(text).toContain("name: Checkout");
  expect(await attemptsOf(sql, id)).toMatchObject([
    { kind: "test", status: 200, outcome: "ok" },
    { kind: "event", about: "api_key.created", status: 200, outcome: "ok" },
  ]);
  expect(await row(id)).toMatchObject({ state: "connected", last_error: null });
});

test("contract 41: what a chat does not take at first is tried again and arrives; a reply that is lost is sent again", async () => {
  const id = await connectSlack(ctx, { url: url() });
  await makeKey();
  chat.fault = (call) => (call === 2 ? 503 : call === 3 ? "lost-reply" : undefined);
  await deliverQueued(sql);
  expect(await row(id)).toMatchObject({ state: "failing", last_error: "It answered 503." });
  const [waiting] =
    await sql`select run_at from graphile_worker.jobs where task_identifier = 'integrations.deliver-event'`;
  expect(waiting).toBeDefined();
  await deliverQueued(sql);
  await deliverQueued(sql);
  expect(await row(id)).toMatchObject({ state: "connected", failing_since: null });
  expect((await attemptsOf(sql, id)).map(({ outcome }) => outcome)).toEqual(["failing", "failing", "ok"]);
  expect((await actions()).filter((action) => action.startsWith("connection."))).toEqual([
    "connection.connect",
    "connection.fail",
    "connection.recover",
  ]);
  expect(await letters()).toEqual([]);
});

test("contract 41: T-4.2.1-TPS1: a refusal asks a person to connect again, tells its people once, and nothing more is sent", async () => {
  const dev = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const id = await connectSlack(dev, { url: url(), scope: "workspace" });
  await makeKey();
  await makeKey();
  chat.fault = () => 410;
  await deliverQueued(sql);
  expect(await row(id)).toMatchObject({ state: "needs_reconnect" });
  expect(await deliverQueued(sql)).toBe(0);
  expect(chat.calls).toBe(2);
  // The contact, who is the admin, and who connected it.
  expect(await letters()).toEqual(Array(2).fill("#ops needs to be connected again"));
  await note(id, 200);
  expect(await row(id)).toMatchObject({ state: "needs_reconnect" });
  chat.fault = () => undefined;
  const change = { id, connector: "slack", name: "#ops", secretUrl: `${url()}1`, events: ["api_key.created"] };
  await changeConnection(dev, changeConnectionInput.parse(change));
  expect(await row(id)).toMatchObject({ state: "connected", failing_since: null, told_at: null, last4: "0421" });
  expect((await actions()).filter((action) => /^connection\.(need|re)/.test(action))).toEqual([
    "connection.need-reconnect",
    "connection.reconnect",
  ]);
});

test("a spell of failures is told after an hour and once, and after five days the connection is off until it is resumed", async () => {
  const id = await connectSlack(ctx, { url: url() });
  await note(id, 500);
  await checkConnections(asWorker(ctx, addMinutes(ctx.now, 59)));
  expect(await letters()).toEqual([]);
  await checkConnections(asWorker(ctx, addMinutes(ctx.now, 60)));
  await note(id, null, addMinutes(ctx.now, 61));
  expect(await letters()).toEqual(["#ops has been failing for an hour"]);
  await note(id, 429, addDays(ctx.now, 4));
  expect(await row(id)).toMatchObject({ state: "failing" });
  await note(id, 500, addDays(ctx.now, 5));
  expect(await row(id)).toMatchObject({ state: "paused", paused_reason: "Nothing arrived there for five days." });
  expect(await letters()).toHaveLength(2);
  await makeKey();
  expect(await deliverQueued(sql)).toBe(0);
  await resumeConnection(ctx, { id });
  await makeKey();
  await deliverQueued(sql);
  expect(await row(id)).toMatchObject({ state: "connected", paused_reason: null });
});

test("T-4.2.1-TPS2: no service is connected before what we say about it is acknowledged in the wording of today; who did is kept unchanged", async () => {
  const input = connectInput.parse({
    connector: "slack",
    name: "x",
    scope: "organization",
    secretUrl: url(),
    events: ["api_key.created"],
  });
  const refused = { problem: "invalid", code: "acknowledgement_required" };
  await expect(connectService(ctx, input)).rejects.toMatchObject(refused);
  await expect(connectService(ctx, { ...input, acknowledged: versionOf("slack") + 1 })).rejects.toMatchObject(refused);
  expect(chat.calls).toBe(0);
  await connectService(ctx, { ...input, acknowledged: versionOf("slack") });
  await connectService(ctx, input);
  expect(
    await sql`select connector, version, user_id from connector_acknowledgements where organization_id = ${ctx.organizationId}`,
  ).toEqual([{ connector: "slack", version: versionOf("slack"), user_id: ctx.actor.id }]);
  await expect(sql`update connector_acknowledgements set wording = 'another'`).rejects.toThrow("append-only");
  await sql`alter table connector_acknowledgements disable trigger connector_acknowledgements_append_only`;
  await sql`update connector_acknowledgements set version = 0`;
  await sql`alter table connector_acknowledgements enable trigger connector_acknowledgements_append_only`;
  await expect(connectService(ctx, input)).rejects.toMatchObject(refused);
});

test("contract 43: what is blocked is sent by no process from the commit on, in one workspace or in all, also what waits already", async () => {
  const id = await connectSlack(ctx, { url: url() });
  await makeKey();
  await restrictConnector(ctx, { connector: "slack", workspace: ctx.workspaceId, rule: "blocked" });
  await deliverQueued(sql);
  await makeKey();
  expect(await deliverQueued(sql)).toBe(0);
  expect(chat.got).toHaveLength(1);
  await expect(connectSlack(ctx, { url: url(), scope: "workspace" })).rejects.toMatchObject({
    code: "connector_blocked",
  });
  await restrictConnector(ctx, { connector: "slack", workspace: ctx.workspaceId, rule: "allowed" });
  await restrictConnector(ctx, { connector: "slack", workspace: null, rule: "blocked" });
  await makeKey();
  expect(await deliverQueued(sql)).toBe(0);
  await expect(testConnection(ctx, { id })).rejects.toMatchObject({ code: "connector_blocked" });
  await restrictConnector(ctx, { connector: "slack", workspace: null, rule: "allowed" });
  await makeKey();
  await deliverQueued(sql);
  expect(chat.got).toHaveLength(2);
});

test("restricted, only admins connect; those who build in a workspace connect for it alone, and change nothing of others", async () => {
  const dev = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const user = await testWorkspace(db, { within: ctx, roles: ["user"] });
  await expect(connectSlack(user, { url: url(), scope: "workspace" })).rejects.toMatchObject({ problem: "forbidden" });
  await expect(connectSlack(dev, { url: url() })).rejects.toMatchObject({ problem: "forbidden" });
  const theirs = await connectSlack(dev, { url: url(), scope: "workspace" });
  const whole = await connectSlack(ctx, { url: url() });
  const stranger = await testWorkspace(db);
  for (const [who, id] of [
    [dev, whole],
    [stranger, theirs],
    [stranger, whole],
  ] as const)
    for (const act of [pauseConnection, resumeConnection, disconnectService, testConnection])
      await expect(act(who, { id })).rejects.toMatchObject({ problem: "not_found" });
  await expect(restrictConnector(dev, { connector: "slack", workspace: null, rule: "allowed" })).rejects.toMatchObject({
    problem: "forbidden",
  });
  await expect(
    restrictConnector(stranger, { connector: "slack", workspace: ctx.workspaceId, rule: "blocked" }),
  ).rejects.toMatchObject({ problem: "not_found" });
  await restrictConnector(ctx, { connector: "slack", workspace: null, rule: "restricted" });
  await expect(connectSlack(dev, { url: url(), scope: "workspace" })).rejects.toMatchObject({ problem: "forbidden" });
  await connectSlack(ctx, { url: url() });
  // What is connected already goes on.
  await testConnection(ctx, { id: theirs });
});

test("a connection of one workspace is told of that workspace alone, never of the organization's affairs", async () => {
  const dev = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  await connectSlack(dev, {
    url: url(),
    scope: "workspace",
    events: ["member.left", "limit.reached"],
  });
  const limit = {
    scope: "workspace",
    scope_id: "x",
    name: "x",
    period: "month",
    percent: 100,
    spent_eur: "1",
    limit_eur: "1",
  };
  await transaction(ctx, async (ctx) => {
    await publishWebhookEvent(ctx, "member.left", { user_id: "usr_1", email: "ada@example.com", reason: "removed" });
    await publishWebhookEvent(ctx, "limit.reached", { ...limit, workspace_id: "ws_another" });
    await publishWebhookEvent(ctx, "limit.reached", { ...limit, scope: "organization", workspace_id: ctx.workspaceId });
  });
  expect(await deliverQueued(sql)).toBe(0);
  await transaction(ctx, (ctx) =>
    publishWebhookEvent(ctx, "limit.reached", { ...limit, workspace_id: ctx.workspaceId }),
  );
  expect(await deliverQueued(sql)).toBe(1);
});

test("two workers at once count one attempt, and a replay sends the same event again", async () => {
  const id = await connectSlack(ctx, { url: url() });
  await makeKey();
  const [waiting] = await sql`select id from connection_deliveries where connection_id = ${id}`;
  const delivery = waiting?.id as Id<"connectionDelivery">;
  await Promise.all([attemptEvent(asWorker(ctx), delivery), attemptEvent(asWorker(ctx), delivery)]);
  expect(await sql`select state, attempts from connection_deliveries where id = ${delivery}`).toEqual([
    { state: "delivered", attempts: 1 },
  ]);
  expect(await attemptsOf(sql, id)).toHaveLength(1);
  await sql`delete from graphile_worker._private_jobs`;
  await replayEvent(ctx, { delivery });
  await deliverQueued(sql);
  expect(chat.got.at(-1)?.body).toBe(chat.got.at(-2)?.body);
  await disconnectService(ctx, { id });
  await expect(replayEvent(ctx, { delivery })).rejects.toMatchObject({ problem: "conflict" });
});
