import { beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { noFee } from "#db/usage-rows.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays, addMinutes, monthOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { createKey, reportLeakedKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "./commands.ts";
import { spendRate } from "./forecast/queries.ts";
import { keyStanding, limitNews, standings, workspacesAbove } from "./queries.ts";
import { isReached } from "./rules.ts";

const { db, sql } = await testDatabase();
const euros = (amount: number) => pico(BigInt(Math.round(amount * 1_000_000)) * 1_000_000n);
const draft = { name: "k", scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: null };

let ctx: Context;
beforeEach(async () => {
  ctx = await testWorkspace(db);
});

/** An event of the meter's, so that every sum agrees. */
async function spend(ctx: Context, keyId: Id<"key">, amount: bigint, at = ctx.now): Promise<void> {
  const event = {
    organization_id: ctx.organizationId,
    id: newId("request", at),
    at: at.toISOString(),
    workspace_id: ctx.workspaceId,
    key_id: keyId,
    user_id: ctx.actor.id,
    endpoint: "chat",
    requested_model: "m",
    model: "m",
    streamed: false,
    prompt_tokens: 1,
    cached_tokens: 0,
    completion_tokens: 0,
    input_micros: String(amount),
    cached_input_micros: "0",
    output_micros: "0",
    cost_pico: String(amount),
    waived_pico: "0",
    held_pico: "0",
    latency_ms: 1,
    status: 200,
    outcome: "answered",
    address: "192.0.2.1",
    agent: "vitest",
    clause: "T-4.2.2.2-D1",
    training_eligible: false,
    agent_id: null,
    agent_version: null,
    estimated: false,
    ...noFee,
    trace_parent: null,
  };
  await sql`select ensure_usage_partition(${at})`;
  await sql`select meter(${JSON.stringify([event])})`;
}

const limitRow = async (scopeId: string, period = "month") =>
  (
    await sql`select limit_pico::text, standing_pico::text, standing_month::text, alert_percents, updated_by from spend_limits
    where scope_id = ${scopeId} and period = ${period}`
  )[0];

const audits = () =>
  sql`select action, object_type, object_id, before, after, clause from audit_events
    where organization_id = ${ctx.organizationId} and action like 'spend_limit.%' order by id`;

const broken = async () => {
  const permissions = permissionsOf({ system: systemPermissions }, ["system"]);
  const verdicts = await verify({ ...ctx, db, actor: { kind: "system", id: "system", name: "test", permissions } });
  return verdicts.filter(({ violations }) => violations > 0);
};

describe("T-4.2.2.2-LIM1: setting a limit", () => {
  test("T-4.2.2.2-LIM2: is audited with before and after, and removing it is said as such", async () => {
    await setWorkspaceLimit(ctx, { limit: euros(150) });
    const later = (minutes: number) => ({ ...ctx, now: addMinutes(ctx.now, minutes) });
    await setWorkspaceLimit(later(1), { limit: euros(90), alerts: [70] });
    await setWorkspaceLimit(later(2), { limit: euros(90), alerts: [70] });
    await setWorkspaceLimit(later(3), { limit: null });
    expect(await limitRow(ctx.workspaceId)).toBeUndefined();
    const rows = await audits();
    expect(rows.map(({ action, before, after }) => [action, before?.limit, after?.limit])).toEqual([
      ["spend_limit.set", null, "150"],
      ["spend_limit.set", "150", "90"],
      ["spend_limit.remove", "90", null],
    ]);
    expect(rows[1]).toMatchObject({
      object_type: "workspace",
      object_id: ctx.workspaceId,
      clause: "T-4.2.2.2-LIM2",
      before: { period: "month", alertPercents: [50, 80, 100] },
      after: { period: "month", alertPercents: [70] },
    });
  });

  test("keeps what was spent and held at that moment, so that a lower limit is told from a passed one", async () => {
    const { id } = await createKey(ctx, draft);
    await spend(ctx, id, euros(40));
    const lessee = newId("lessee", ctx.now);
    await sql`insert into lessees values (${lessee}, now() + interval '1 minute')`;
    const place = { organization_id: ctx.organizationId, scope: "workspace", scope_id: ctx.workspaceId };
    const round = {
      ...place,
      month: monthOf(ctx.now),
      want: "2000",
      minimum: "2000",
      ahead: "0",
      give: "0",
      done: false,
    };
    await sql`select lease(${lessee}, ${JSON.stringify([round])})`;
    await setWorkspaceLimit(ctx, { limit: euros(10) });
    expect(await limitRow(ctx.workspaceId)).toMatchObject({
      limit_pico: String(euros(10)),
      standing_pico: String(euros(40) + 2000n),
      standing_month: monthOf(ctx.now),
      updated_by: ctx.actor.id,
    });
    const { workspace } = await standings(ctx);
    expect(workspace).toMatchObject({ settledPico: euros(40), heldPico: 2000n, limitPico: euros(10) });
    expect(await limitNews(ctx)).toEqual({ reached: ["workspace"], near: { percent: 400, isReached: true } });
    expect(await broken()).toEqual([]);
    await sql`select release_lessee(${lessee})`;
  });

  test("waits for the person who changes what is held, and counts it", async () => {
    const { id } = await createKey(ctx, draft);
    const month = monthOf(ctx.now);
    let setting: Promise<void> | undefined;
    await sql.begin(async (tx) => {
      const asked = [{ organization_id: ctx.organizationId, scope: "key", scope_id: id, month }];
      await tx`select lock_counters(${JSON.stringify(asked)})`;
      setting = setKeyLimit(ctx, { id, period: "lifetime", limit: euros(1) });
      await new Promise((resolve) => setTimeout(resolve, 150));
      await tx`update spend_months set settled_pico = 7 where scope_id = ${id}`;
    });
    await setting;
    expect(await limitRow(id, "lifetime")).toMatchObject({ standing_pico: "7" });
    await sql`update spend_months set settled_pico = 0 where scope_id = ${id}`;
  });

  test("a key's limit for life counts all its months", async () => {
    const { id } = await createKey(ctx, draft);
    await spend(ctx, id, euros(3), addDays(ctx.now, -40));
    await spend(ctx, id, euros(2));
    await setKeyLimit(ctx, { id, period: "lifetime", limit: euros(4) });
    await setKeyLimit(ctx, { id, period: "month", limit: euros(20) });
    expect(await limitRow(id, "lifetime")).toMatchObject({ standing_pico: String(euros(5)) });
    expect(await limitRow(id)).toMatchObject({ standing_pico: String(euros(2)) });
    const { month, lifetime } = await keyStanding(ctx, id);
    expect(month).toMatchObject({ settledPico: euros(2), limitPico: euros(20) });
    expect(lifetime).toMatchObject({ settledPico: euros(5), limitPico: euros(4) });
    expect(await broken()).toEqual([]);
  });

  test("a workspace gets no higher limit than the organization; lowering the organization's below it is allowed", async () => {
    await setOrganizationLimit(ctx, { limit: euros(500) });
    const refused = await setWorkspaceLimit(ctx, { limit: euros(500.000001) }).catch((error) => error);
    expect(refused).toMatchObject({
      problem: "invalid",
      fields: { limit: ["At most €500.00, the organization's limit."] },
    });
    expect(await limitRow(ctx.workspaceId)).toBeUndefined();
    await setWorkspaceLimit(ctx, { limit: euros(500) });
    await setOrganizationLimit(ctx, { limit: euros(100) });
    expect(await workspacesAbove(ctx, euros(100))).toEqual(["Default"]);
    expect(await workspacesAbove(ctx, euros(500))).toEqual([]);
  });

  test("0 is a limit and blocks at once; none blocks nothing", async () => {
    expect(await limitNews(ctx)).toEqual({ reached: [], near: null });
    await setOrganizationLimit(ctx, { limit: euros(0) });
    await setWorkspaceLimit(ctx, { limit: euros(0) });
    expect(await limitNews(ctx)).toEqual({
      reached: ["organization", "workspace"],
      near: { percent: 100, isReached: true },
    });
  });

  test("tells every process, so that the next request after a raise passes", async () => {
    const heard: string[] = [];
    const line = await sql.listen("gate", (message) => heard.push(message));
    await setWorkspaceLimit(ctx, { limit: euros(1) });
    await setWorkspaceLimit(ctx, { limit: null });
    await expect.poll(() => heard).toEqual([`limit:${ctx.workspaceId}`, `limit:${ctx.workspaceId}`]);
    await line.unlisten();
  });
});

test("a key's limits count every key of its chain, whichever of them spends, and in every order of rotating", async () => {
  const made = await createKey(ctx, { ...draft, monthlyLimit: euros(5) });
  await setKeyLimit(ctx, { id: made.id, period: "lifetime", limit: euros(50) });
  await spend(ctx, made.id, euros(1));
  const second = await rotateKey(ctx, { id: made.id, grace: "week" });
  await spend(ctx, second.id, euros(2));
  const third = await rotateKey(ctx, { id: second.id, grace: "week" });
  await spend(ctx, made.id, euros(0.5));
  await spend(ctx, third.id, euros(0.25));
  const fourth = await reportLeakedKey(ctx, { id: third.id });
  for (const id of [made.id, second.id, third.id, fourth?.id ?? made.id]) {
    const { month, lifetime } = await keyStanding(ctx, id);
    expect([month.settledPico, lifetime.settledPico]).toEqual([euros(3.75), euros(3.75)]);
    const [standing] = await sql`select settled_pico from spend_standing(
      ${ctx.organizationId}, 'key', ${id}, ${monthOf(ctx.now)}) where period = 'lifetime'`;
    expect(BigInt(standing?.settled_pico)).toBe(euros(3.75));
  }
});

test("two processes that lease on two keys of a chain at once get no more than its limit together", async () => {
  const old = await createKey(ctx, draft);
  await setKeyLimit(ctx, { id: old.id, period: "lifetime", limit: pico(1000n) });
  const fresh = await rotateKey(ctx, { id: old.id, grace: "week" });
  const lessees = await Promise.all([old.id, fresh.id].map(async (id) => ({ id, lessee: await lesseeHere() })));
  const rounds = Array.from({ length: 20 }, (_, n) => lessees[n % 2] as (typeof lessees)[number]);
  const granted = await Promise.all(
    rounds.map(async ({ id, lessee }) => {
      const place = { organization_id: ctx.organizationId, scope: "key", scope_id: id, month: monthOf(ctx.now) };
      const asked = [{ ...place, want: "300", minimum: "1", ahead: "0", give: "0", done: false }];
      const [row] = await sql`select granted from lease(${lessee}, ${JSON.stringify(asked)})`;
      return BigInt(row?.granted);
    }),
  );
  expect(granted.reduce((sum, more) => sum + more, 0n)).toBe(1000n);
  for (const { lessee } of lessees) await sql`select release_lessee(${lessee})`;
});

async function lesseeHere(): Promise<string> {
  const id = newId("lessee", ctx.now);
  await sql`insert into lessees values (${id}, clock_timestamp() + interval '1 minute')`;
  return id;
}

test("a successor has the limits of the key it replaces, so that rotating does not lift them", async () => {
  const old = await createKey(ctx, { ...draft, monthlyLimit: euros(5) });
  await setKeyLimit(ctx, { id: old.id, period: "lifetime", limit: euros(50), alerts: [90] });
  const { id } = await rotateKey(ctx, { id: old.id, grace: "day" });
  const { month, lifetime } = await keyStanding(ctx, id);
  expect(month).toMatchObject({ limitPico: euros(5), settledPico: 0n });
  expect(lifetime).toMatchObject({ limitPico: euros(50), alertPercents: [90] });
});

describe("T-4.2.2.2-LIM1: a limit that keeps a remainder is reached once it refuses requests, and open again after a raise", () => {
  const at = (days: number) => ({ ...ctx, now: addDays(ctx.now, days) });

  test.each(["organization", "workspace", "key"] as const)("on a %s", async (scope) => {
    const { id } = await createKey(ctx, draft);
    const set = (ctx: Context, limit: ReturnType<typeof euros>) => {
      if (scope === "key") return setKeyLimit(ctx, { id, period: "month", limit });
      return scope === "workspace" ? setWorkspaceLimit(ctx, { limit }) : setOrganizationLimit(ctx, { limit });
    };
    const reached = async (ctx: Context) => {
      if (scope === "key") return isReached((await keyStanding(ctx, id)).month);
      return (await limitNews(ctx)).reached.join() === scope;
    };
    await set(at(-0.01), euros(10));
    await spend(ctx, id, euros(10) - 1n);
    expect(await reached(ctx)).toBe(false);
    await spend(ctx, id, 0n);
    const other = scope === "key" ? "workspace" : "key";
    const refuse = (
      by: string,
    ) => sql`update usage_events set reason = 'spend_limit_reached', limit_scope = ${by}, status = 402,
      outcome = 'refused' where cost_pico = 0 and organization_id = ${ctx.organizationId}`;
    await refuse(other);
    expect(await reached(ctx)).toBe(false);
    await refuse(scope);
    expect(await reached(ctx)).toBe(true);
    await set(at(0.01), euros(10.5));
    expect(await reached(at(0.01))).toBe(false);
  });
});

test("the spendRate of a workspace and of a key is read from the sums by day", async () => {
  const { id } = await createKey(ctx, draft);
  const other = await createKey(ctx, draft);
  expect(await spendRate(ctx, { scope: "workspace", scopeId: ctx.workspaceId })).toBeNull();
  await spend(ctx, id, 30n, addDays(ctx.now, -2));
  await spend(ctx, other.id, 6n, addDays(ctx.now, -1));
  await spend(ctx, id, 1000n);
  expect(await spendRate(ctx, { scope: "workspace", scopeId: ctx.workspaceId })).toEqual({
    fullDays: 2,
    spentPico: 36n,
  });
  expect(await spendRate(ctx, { scope: "organization", scopeId: ctx.organizationId })).toEqual({
    fullDays: 2,
    spentPico: 36n,
  });
  expect(await spendRate(ctx, { scope: "key", scopeId: other.id })).toEqual({ fullDays: 1, spentPico: 6n });
});
