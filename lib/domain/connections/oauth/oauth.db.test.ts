import { afterAll, beforeEach, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { checkConnections } from "#lib/domain/connections/attempts/commands.ts";
import { disconnectService, testConnection } from "#lib/domain/connections/commands.ts";
import { beginOauthInput } from "#lib/domain/connections/input.ts";
import { secretOf } from "#lib/domain/connections/queries.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { asWorker, attemptsOf, deliverQueued, reachLocal, versionOf } from "#lib/testing/connections.ts";
import { OauthProvider } from "#lib/testing/oauth-provider.ts";
import { ServiceServer } from "#lib/testing/service-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { beginOauth, finishOauth } from "./commands.ts";
import { endOverdue, refreshDue, refreshToken, revokeAndEnd } from "./tokens/commands.ts";

const { db, sql } = await testDatabase();
const service = await new ServiceServer().start();
const provider = await new OauthProvider().start({
  redirectUri: publicLink("/api/connections"),
  eventsUrl: `${service.url}/events`,
});
afterAll(async () => {
  await provider.close();
  await service.close();
});

let ctx: Context;
beforeEach(async () => {
  reachLocal();
  service.reset();
  Object.assign(provider, { gives: true, fault: () => undefined, tokenCalls: 0 });
  await sql`delete from graphile_worker._private_jobs`;
  await sql`delete from letters`;
  ctx = await testWorkspace(db);
});

const input = (more: object = {}) =>
  beginOauthInput.parse({
    ...{ name: "Desk", scope: "organization", acknowledged: versionOf("oauth-generic"), events: ["api_key.created"] },
    ...more,
  });
const begin = (more: object = {}, of = ctx) => beginOauth(of, input(more));
const connect = async (more: object = {}): Promise<Id<"connection">> =>
  finishOauth(ctx, { answer: await provider.answer(await begin(more)) });
const row = async (id: Id<"connection">) => (await sql`select * from connections where id = ${id}`)[0];
const instant = async (id: Id<"connection">, column: string) => new Date((await row(id))?.[column] as string);
const rows = async () =>
  sql`select id, state, sealed_secret from connections where organization_id = ${ctx.organizationId}`;
const tokens = (id: Id<"connection">) => secretOf(asWorker(ctx), id);
const makeKey = () =>
  createKey(ctx, { name: "Checkout", scopes: ["models:read"], models: null, addresses: null, expiresInDays: null });
/** When a token of an hour is exchanged. */
const due = () => addMinutes(ctx.now, 50);

test("contract 40: T-4.2.1-TPS1: a service is connected by signing in there, with a proof of the code, and gets events with its token", async () => {
  const address = await begin();
  const asked = new URL(address).searchParams;
  expect(asked.get("code_challenge_method")).toBe("S256");
  expect(asked.get("scope")).toContain("offline_access");
  expect(asked.get("redirect_uri")).toBe(publicLink("/api/connections"));
  expect(await rows()).toMatchObject([{ state: "pending", sealed_secret: null }]);
  const id = await finishOauth(ctx, { answer: await provider.answer(address) });
  expect(await row(id)).toMatchObject({ state: "connected", pending_state: null, pending_verifier: null });
  const { accessToken } = await tokens(id);
  await testConnection(ctx, { id });
  await makeKey();
  await deliverQueued(sql);
  const events = service.got.map(({ headers, body }) => [headers.authorization, JSON.parse(body).type]);
  expect(events).toEqual([
    [`Bearer ${accessToken}`, "webhook.test"],
    [`Bearer ${accessToken}`, "api_key.created"],
  ]);
});

test("contract 40: an answer that comes twice, late, in another session, with another state or from another issuer connects nothing", async () => {
  const answer = await provider.answer(await begin());
  const colleague = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  const other = { ...ctx, actor: { ...ctx.actor, sessionId: newId("session", ctx.now) } } as Context;
  const stranger = await testWorkspace(db);
  for (const who of [colleague, other, stranger, { ...ctx, now: addMinutes(ctx.now, 15) } as Context])
    await expect(finishOauth(who, { answer })).rejects.toMatchObject({ code: "oauth_state" });
  const forged = new URLSearchParams(answer);
  forged.set("state", `${ctx.workspaceId}.another`);
  await expect(finishOauth(ctx, { answer: forged.toString() })).rejects.toMatchObject({ code: "oauth_state" });
  expect(provider.tokenCalls).toBe(0);
  await finishOauth(ctx, { answer });
  await expect(finishOauth(ctx, { answer })).rejects.toMatchObject({ code: "oauth_state" });
  const mixed = new URLSearchParams(await provider.answer(await begin()));
  mixed.set("iss", "https://another.example");
  await expect(finishOauth(ctx, { answer: mixed.toString() })).rejects.toMatchObject({ code: "oauth_refused" });
  expect(provider.tokenCalls).toBe(1);
  await checkConnections(asWorker(ctx, addMinutes(ctx.now, 16)));
  expect(await rows()).toMatchObject([{ state: "connected" }]);
});

test("contract 40: two codes swapped between two sign-ins fit neither", async () => {
  const [first, second] = [
    new URLSearchParams(await provider.answer(await begin())),
    new URLSearchParams(await provider.answer(await begin())),
  ];
  first.set("code", second.get("code") ?? "");
  await expect(finishOauth(ctx, { answer: first.toString() })).rejects.toMatchObject({ code: "oauth_refused" });
});

test("contract 40: a token that ends soon and brings none to renew it is refused before it is kept; connected again, the one before stays", async () => {
  provider.gives = false;
  await expect(connect()).rejects.toMatchObject({ code: "oauth_no_refresh_token" });
  expect(await rows()).toMatchObject([{ state: "pending", sealed_secret: null }]);
  provider.gives = true;
  const id = await connect();
  const { refreshToken: before } = await tokens(id);
  provider.gives = false;
  await connect({ id });
  expect((await tokens(id)).refreshToken).toBe(before);
});

test("contract 40: two workers that exchange a token at once exchange it once, at 80 % of its life and not before", async () => {
  const id = await connect();
  const before = await tokens(id);
  provider.tokenCalls = 0;
  await refreshToken(asWorker(ctx, addMinutes(ctx.now, 47)), id);
  expect(provider.tokenCalls).toBe(0);
  await Promise.all(Array.from({ length: 3 }, () => refreshToken(asWorker(ctx, due()), id)));
  expect(provider.tokenCalls).toBe(1);
  const after = await tokens(id);
  expect([after.accessToken === before.accessToken, after.refreshToken === before.refreshToken]).toEqual([
    false,
    false,
  ]);
  expect(await row(id)).toMatchObject({ state: "connected" });
  expect(await instant(id, "token_expires_at")).toEqual(addMinutes(due(), 60));
  await refreshDue(asWorker(ctx, addMinutes(due(), 50)));
  expect(
    await sql`select key from graphile_worker.jobs where task_identifier = 'integrations.refresh-token'`,
  ).toHaveLength(1);
  await refreshToken(asWorker(ctx, addMinutes(due(), 50)), id);
  expect(await row(id)).toMatchObject({ state: "connected" });
});

test("contract 40: what was taken back at the provider needs a person, who is told; one that cannot be asked is asked again", async () => {
  const id = await connect();
  provider.fault = () => 503;
  await refreshToken(asWorker(ctx, due()), id);
  expect(await row(id)).toMatchObject({ state: "connected" });
  expect(await instant(id, "refresh_at")).toEqual(addMinutes(due(), 2));
  // Its token has ended meanwhile, so nothing is sent with it, and the event waits.
  await makeKey();
  await sql`update connections set token_expires_at = ${ctx.now}, refresh_at = ${ctx.now} where id = ${id}`;
  await deliverQueued(sql);
  expect(service.got).toEqual([]);
  expect(await row(id)).toMatchObject({ state: "failing", last_error: "The token could not be renewed." });
  provider.fault = () => undefined;
  await provider.revokeAll((await tokens(id)).refreshToken ?? "");
  await refreshToken(asWorker(ctx, addMinutes(due(), 2)), id);
  expect(await row(id)).toMatchObject({ state: "needs_reconnect" });
  expect((await attemptsOf(sql, id)).map(({ kind, outcome }) => `${kind} ${outcome}`)).toContain(
    "refresh needs_reconnect",
  );
  expect(await sql`select subject from letters`).toEqual([{ subject: "Desk needs to be connected again" }]);
  provider.tokenCalls = 0;
  await refreshToken(asWorker(ctx, addMinutes(due(), 99)), id);
  expect(provider.tokenCalls).toBe(0);
  await connect({ id });
  expect(await row(id)).toMatchObject({ state: "connected", failing_since: null });
});

test("disconnected, its token is forgotten there and destroyed here; a service that cannot be asked does not keep it here", async () => {
  const id = await connect();
  const { refreshToken: given = "" } = await tokens(id);
  await disconnectService(ctx, { id });
  expect(await row(id)).toMatchObject({ state: "ending" });
  await revokeAndEnd(asWorker(ctx), id);
  expect(await provider.knows(given)).toBe(false);
  expect(await row(id)).toMatchObject({ state: "disconnected", sealed_key: null, sealed_secret: null });
  const next = await connect();
  await disconnectService(ctx, { id: next });
  await endOverdue(asWorker(ctx, addMinutes(ctx.now, 59)));
  expect(await row(next)).toMatchObject({ state: "ending" });
  await checkConnections(asWorker(ctx, addMinutes(ctx.now, 60)));
  await endOverdue(asWorker(ctx, addMinutes(ctx.now, 60)));
  expect(await row(next)).toMatchObject({ state: "disconnected", sealed_key: null, sealed_secret: null });
});
