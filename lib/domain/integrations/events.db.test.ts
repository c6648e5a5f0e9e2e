import { beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import type { Pico } from "#lib/core/money.ts";
import { type EventType, eventTypes } from "#lib/core/webhooks/events.ts";
import { createKey, reportLeakedKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { removeMember } from "#lib/domain/leaving/commands.ts";
import { sendAlerts } from "#lib/domain/limits/alerts/commands.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { createWebhook } from "./commands.ts";
import { deliveriesInput } from "./input.ts";
import { deliveriesOf } from "./queries.ts";

const { db, sql } = await testDatabase();
const euros = (amount: number): Pico => (BigInt(amount) * 1_000_000_000_000n) as Pico;

let ctx: Context;
let job: AccountContext;
beforeEach(async () => {
  Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
  ctx = await testWorkspace(db);
  const actor = { kind: "job", id: "test", name: "test", permissions: new Set(systemPermissions) } as const;
  job = { ...ctx, actor };
});

const all = Object.keys(eventTypes) as EventType[];
const key = () =>
  createKey(ctx, { name: "Checkout", scopes: ["models:read"], models: null, addresses: null, expiresInDays: null });

test("limits and keys tell their events, each once", async () => {
  const { id } = await createWebhook(ctx, { url: "http://127.0.0.1:9/hooks", description: "", eventTypes: all });
  const listed = async () => (await deliveriesOf(ctx, id, deliveriesInput.parse({}))).rows;
  await setWorkspaceLimit(ctx, { limit: euros(10) });
  await setWorkspaceLimit(ctx, { limit: euros(5) });
  await setWorkspaceLimit(ctx, { limit: euros(20) });
  await setWorkspaceLimit(ctx, { limit: null });
  await setWorkspaceLimit(ctx, { limit: euros(10) });
  const spend = (amount: bigint) => sql`insert into spend_months (organization_id, month, scope, scope_id, settled_pico)
    values (${ctx.organizationId}, date_trunc('month', now() at time zone 'UTC')::date, 'workspace', ${ctx.workspaceId}, ${String(amount)})
    on conflict (organization_id, month, scope, scope_id) do update set settled_pico = excluded.settled_pico`;
  await spend(euros(8));
  await sendAlerts(job);
  await sendAlerts(job);
  await spend(euros(10));
  await sendAlerts(job);
  const first = await key();
  const { id: second } = await rotateKey(ctx, { id: first.id, grace: "none" });
  await reportLeakedKey(ctx, { id: second });
  const told = (await listed()).map(({ type }) => type).toSorted();
  expect(told).toEqual(
    [
      ...["api_key.created", "api_key.created", "api_key.created", "api_key.revoked", "api_key.revoked"],
      ...["limit.raised", "limit.raised", "limit.reached", "limit.threshold_crossed"],
    ].toSorted(),
  );
  const crossed = (await listed()).find(({ type }) => type === "limit.threshold_crossed");
  expect(crossed?.data).toMatchObject({ scope: "workspace", percent: 80, spent_eur: "8", limit_eur: "10" });
  for (const { type, data } of await listed()) {
    expect(Object.keys(data).toSorted()).toEqual(Object.keys(eventTypes[type as EventType].example).toSorted());
  }
});

test("a person who is removed is told of, and each of their keys that ends with it", async () => {
  const { id } = await createWebhook(ctx, { url: "http://127.0.0.1:9/hooks", description: "", eventTypes: all });
  const member = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const theirs = { name: "Notebook", scopes: ["models:read" as const], models: null, addresses: null };
  const { id: keyId } = await createKey(member, { ...theirs, expiresInDays: null });
  await removeMember(ctx, { user: member.actor.id as Id<"user"> });
  const { rows } = await deliveriesOf(ctx, id, deliveriesInput.parse({}));
  expect(rows.map(({ type }) => type).toSorted()).toEqual(["api_key.created", "api_key.revoked", "member.left"]);
  expect(rows.find(({ type }) => type === "api_key.revoked")?.data).toMatchObject({
    key_id: keyId,
    reason: "owner_left",
  });
  expect(rows.find(({ type }) => type === "member.left")?.data).toMatchObject({
    user_id: member.actor.id,
    reason: "removed",
  });
});
