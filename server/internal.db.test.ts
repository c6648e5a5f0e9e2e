import type http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { StaffRole } from "#lib/core/access/staff-roles.ts";
import { addDays, now } from "#lib/core/clock.ts";
import { actingAs } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { askInternal } from "#lib/core/internal.ts";
import { forgetKeyring, keyring } from "#lib/core/keyring/keyring.ts";
import { recordKeyText } from "#lib/core/secrets.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { keepRequests, testItem } from "#lib/testing/abuse.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { openInternal } from "./internal.ts";

const { db, sql } = await testDatabase();
const token = Buffer.alloc(32, 3).toString("base64url");
const configured = { ...env() };
const server = (await openInternal({ ...env(), INTERNAL_PORT: 0, INTERNAL_TOKEN: token })) as http.Server;
const { port } = server.address() as AddressInfo;
Object.assign(env(), { INTERNAL_PORT: port, INTERNAL_TOKEN: token });
afterAll(() => {
  server.close();
  Object.assign(env(), configured, { INTERNAL_PORT: undefined, INTERNAL_TOKEN: undefined });
});

const origin = { address: "203.0.113.9", agent: "vitest" };

/** One of the staff who is signed in, as the pages know them. */
async function signedIn(role: StaffRole): Promise<{ userId: Id<"user">; sessionId: Id<"session"> }> {
  const [userId, sessionId] = [newId("user", now()), newId("session", now())];
  await sql`insert into users (id, email, name, created_at) values (${userId}, ${`${userId}@example.com`}, 'Noor Haddad', now())`;
  await sql`insert into staff (user_id, roles, active, created_at) values (${userId}, ${[role]}, true, now())`;
  await sql`insert into sessions (id, user_id, address, agent, created_at, seen_at, proven_at, expires_at)
    values (${sessionId}, ${userId}, '203.0.113.9', 'vitest', now(), now(), now(), ${addDays(now(), 1)})`;
  return { userId, sessionId };
}

async function flagged(staffId: Id<"user">) {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const id = await testItem(db, ctx, await keepRequests(sql, ctx, ["how to forge a seal"]));
  const desk = staffAt("trust", now());
  const actor: Actor = { ...personOf(desk.actor), kind: "staff", id: staffId, permissions: desk.actor.permissions };
  await openLook(actingAs(desk, actor), { organizationId, reason: "abuse", words: "Signs of abuse." });
  return { organizationId, id, reason: "fraud", clause: "T-4.1-USE" };
}

test("help-zdr 29: what takes a key is done by a front for a person who is signed in, and written down before it is read", async () => {
  Object.assign(env(), { STAFF_SECOND_FACTOR: "off" });
  const { userId, sessionId } = await signedIn("trust");
  const input = await flagged(userId);
  const read = await askInternal("open-item", { sessionId, origin, input });
  expect(JSON.stringify(read)).toContain("how to forge a seal");
  const rows = await sql`select actor_name from audit_events
    where organization_id = ${input.organizationId} and action = 'abuse.open-item'`;
  expect(rows).toEqual([{ actor_name: "Noor Haddad" }]);
});

test("the pages' word for who somebody is counts for nothing: no session, no right, no second factor, nothing read", async () => {
  const { userId, sessionId } = await signedIn("trust");
  const input = await flagged(userId);
  const ask = (given: object) => askInternal("open-item", { sessionId, origin, input, ...given });
  await expect(ask({ sessionId: newId("session", now()) })).rejects.toMatchObject({ problem: "unauthenticated" });
  const billing = await signedIn("billing");
  await expect(ask({ sessionId: billing.sessionId })).rejects.toMatchObject({ problem: "forbidden" });
  await sql`update sessions set revoked_at = now() where id = ${sessionId}`;
  await expect(ask({})).rejects.toMatchObject({ problem: "unauthenticated" });
  await sql`update sessions set revoked_at = null where id = ${sessionId}`;
  Object.assign(env(), { STAFF_SECOND_FACTOR: "on" });
  await expect(ask({})).rejects.toMatchObject({ problem: "forbidden" });
  Object.assign(env(), { STAFF_SECOND_FACTOR: "off" });
  await expect(ask({ extra: true })).rejects.toMatchObject({ problem: "unavailable" });
  const openings = await sql`select from audit_events
    where organization_id = ${input.organizationId} and action = 'abuse.open-item'`;
  expect(openings).toHaveLength(0);
});

test("nobody without the token is answered, and nothing but the three calls is there", async () => {
  const ask = (call: string, headers: Record<string, string>, method = "POST") =>
    fetch(`http://127.0.0.1:${port}/${call}`, { method, headers, ...(method === "POST" && { body: "{}" }) });
  const right = { authorization: `Bearer ${token}` };
  expect((await ask("rings", right)).status).toBe(200);
  for (const [call, headers, method] of [
    ["rings", {}, "POST"],
    ["rings", { authorization: `Bearer ${token.slice(1)}x` }, "POST"],
    ["rings", right, "GET"],
    ["toString", right, "POST"],
    ["keyring", right, "POST"],
  ] as const)
    expect({ call, status: (await ask(call, headers, method)).status }).toEqual({ call, status: 404 });
  const huge = fetch(`http://127.0.0.1:${port}/rings`, { method: "POST", headers: right, body: "x".repeat(70_000) });
  expect((await huge).status).toBe(413);
});

test("the pages are told the rings of lasting things and no other key; without the content key nothing opens the keyring", async () => {
  const whole = await keyring();
  expect(await askInternal("rings", {})).toEqual(whole.durable);
  const { CONTENT_KEY } = env();
  Object.assign(env(), { RECORD_KEY: recordKeyText(), CONTENT_KEY: "none" });
  forgetKeyring();
  await expect(keyring()).rejects.toThrow();
  Object.assign(env(), { RECORD_KEY: undefined, CONTENT_KEY });
  forgetKeyring();
  expect(await keyring()).toEqual(whole);
});
