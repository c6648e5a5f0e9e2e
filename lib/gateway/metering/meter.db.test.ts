import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { UsageRow } from "#db/usage-rows.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { invariants } from "#lib/domain/invariants/rules.ts";
import { purgeContents } from "#lib/domain/retention/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { organizationUsage, spentIn, usageDays } from "#lib/domain/usage/queries.ts";
import { rangeOf } from "#lib/domain/usage/rules.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { openReservations } from "#lib/gateway/spend-limits/reservations.ts";
import { deafFeed, openTestMeter, testUsageRow } from "#lib/testing/metering.ts";
import { testProcess } from "#lib/testing/spend-limits.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { openContent } from "./contents.ts";
import { ScopeKeys } from "./scope-keys.ts";

type Row = { id: string; request_ids: string[]; sealed: Buffer; training_eligible: boolean };

const { db, sql, url } = await testDatabase();
const operator = (ctx: Context): Context => ({
  ...ctx,
  db,
  actor: { kind: "system", id: "system", name: "test", permissions: new Set(["system.operate", "usage.read"]) },
});
const changes = await openChangeFeed(sql);
const reservations = openReservations(sql, changes);
afterAll(async () => {
  await reservations.close();
  await changes.close();
});
const seeded = await testWorkspace(db);
await preparePartitions(operator(seeded), addDays(seeded.now, -40));

function event(ctx: Context, at = ctx.now, tokens = { prompt: 1000, cached: 400, completion: 50 }): UsageRow {
  const cost =
    BigInt(tokens.prompt - tokens.cached) * 150_000n +
    BigInt(tokens.cached) * 15_000n +
    BigInt(tokens.completion) * 600_000n;
  return {
    ...testUsageRow({ ...ctx, now: at }, newId("key", at), { cost, waived: 0n }),
    held_pico: "0",
    prompt_tokens: tokens.prompt,
    cached_tokens: tokens.cached,
    completion_tokens: tokens.completion,
    input_micros: 150_000,
    cached_input_micros: 15_000,
    output_micros: 600_000,
  };
}

test("two processes that write the same events at once count each once, and every sum agrees", async () => {
  const ctx = await testWorkspace(db);
  const other = await testProcess(url);
  const [one, two] = [openTestMeter(sql, reservations), openTestMeter(other.sql, other.reservations)];
  const events = Array.from({ length: 300 }, () => event(ctx));
  await Promise.all(events.flatMap((row) => [one.commit(row), two.commit(row)]));
  await Promise.all([one.settled(), two.settled()]);
  const usage = await organizationUsage(operator(ctx));
  expect(usage.events).toBe(300);
  expect(usage.months[0]?.settledPico).toBe(usage.eventsPico);
  expect(await spentIn(ctx, ctx.now)).toBe(usage.eventsPico);
  const days = await usageDays(ctx, "model", rangeOf({}, ctx.now));
  expect(days.reduce((sum, day) => sum + day.costPico, 0n)).toBe(usage.eventsPico);
  expect((await verify(operator(ctx))).filter(({ violations }) => violations > 0)).toEqual([]);
  await Promise.all([one.close(), two.close()]);
  await other.end();
});

test("a commit that resolved is on disk: another connection sees it at once", async () => {
  const ctx = await testWorkspace(db);
  const meter = openTestMeter(sql, reservations);
  const row = event(ctx);
  await meter.commit(row);
  const [found] = await sql`select exists (select from usage_journal where events like ${`%${row.id}%`})
    or exists (select from usage_events where id = ${row.id}) as "isThere"`;
  expect(found?.isThere).toBe(true);
  await meter.settled();
  const [summed] = await sql`select cost_pico::text from usage_events where id = ${row.id}`;
  expect(summed?.cost_pico).toBe(row.cost_pico);
  await meter.close();
});

test("another tenant's usage is not there", async () => {
  const [ctx, stranger] = [await testWorkspace(db), await testWorkspace(db)];
  const meter = openTestMeter(sql, reservations);
  await meter.commit(event(ctx));
  await meter.settled();
  expect(await usageDays(stranger, "model", rangeOf({}, ctx.now))).toEqual([]);
  expect(await usageDays({ ...stranger, workspaceId: ctx.workspaceId }, "key", rangeOf({}, ctx.now))).toEqual([]);
  await meter.close();
});

test("T-4.2.2.1-D1, T-4.2.2.2-D1: content is sealed, stamped, kept thirty days and then gone", async () => {
  const ctx = await testWorkspace(db);
  const meter = openTestMeter(sql, reservations);
  const canary = "the canary sings at dawn";
  const [young, old] = [ctx.now, addDays(ctx.now, -29)];
  const place = { organizationId: ctx.organizationId, workspaceId: ctx.workspaceId };
  const made = [young, young, old].map((at) => ({ at, requestId: newId("request", at) }));
  for (const { at, requestId } of made) {
    const request = JSON.stringify({ canary, requestId });
    await meter.keep({ ...place, requestId, at, trainingEligible: at === young, request, answer: '"ok"' });
  }
  await meter.close();
  const rows = await sql<Row[]>`select id, request_ids, sealed, training_eligible from contents
    where organization_id = ${ctx.organizationId} order by hour`;
  const keys = new ScopeKeys(sql, deafFeed);
  const opened = Object.assign({}, ...(await Promise.all(rows.map((row) => openContent(keys, place, row)))));
  for (const { requestId } of made) expect(opened[requestId]).toEqual({ request: { canary, requestId }, answer: "ok" });
  for (const row of rows) {
    expect(row.sealed.includes(canary)).toBe(false);
    await expect(openContent(keys, place, { ...row, id: "req_another" })).rejects.toThrow();
    expect(row.training_eligible).toBe(!row.request_ids.includes(made[2]?.requestId ?? ""));
  }
  expect(await purgeContents(operator({ ...ctx, now: addDays(ctx.now, 1) }))).toBe(1);
  const left = await sql`select request_ids from contents where organization_id = ${ctx.organizationId}`;
  expect(left.flatMap((row) => row.request_ids).toSorted()).toEqual(
    made
      .slice(0, 2)
      .map(({ requestId }) => requestId)
      .toSorted(),
  );
});

test("content that is too much for one row is spread over several, and none of it is lost", async () => {
  const ctx = await testWorkspace(db);
  const meter = openTestMeter(sql, reservations, 1e9);
  const place = { organizationId: ctx.organizationId, workspaceId: ctx.workspaceId, at: ctx.now };
  const requestIds = [1, 2, 3, 4, 5].map(() => newId("request", ctx.now));
  for (const requestId of requestIds) {
    const request = JSON.stringify(randomBytes(450_000).toString("base64"));
    void meter.keep({ ...place, requestId, trainingEligible: false, request, answer: "null" });
  }
  await meter.close();
  const rows = await sql<
    Row[]
  >`select id, request_ids, sealed from contents where organization_id = ${ctx.organizationId}`;
  expect(rows.length).toBe(3);
  const keys = new ScopeKeys(sql, deafFeed);
  const opened = await Promise.all(rows.map((row) => openContent(keys, place, row)));
  expect(opened.flatMap((found) => Object.keys(found)).toSorted()).toEqual(requestIds.toSorted());
});

test("verify finds what was tampered with, and names it", async () => {
  const ctx = await testWorkspace(db);
  const meter = openTestMeter(sql, reservations);
  const row = event(ctx);
  await meter.commit(row);
  await meter.close();
  await sql`update spend_months set settled_pico = settled_pico - 1 where organization_id = ${ctx.organizationId} and scope = 'workspace'`;
  await sql`update usage_events set completion_tokens = completion_tokens + 1 where id = ${row.id}`;
  const broken = (await verify(operator(ctx))).filter(({ violations }) => violations > 0).map(({ name }) => name);
  expect(broken).toContain("what each workspace spent is the sum of its events");
  expect(broken).toContain("each event costs its tokens times its prices and its fee, less what was waived");
  expect(broken).toContain("each day by model is the sum of its events");
  expect(broken.length).toBeLessThan(invariants.length);
});

test("what is append-only refuses change, the person who asks", async () => {
  for (const table of ["audit_events", "prices"]) {
    await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
      values ('m', 'm', '', 'us', 'embedded', 'm', '{}', 1, now()) on conflict do nothing`;
    await sql`insert into prices values ('m', now(), 1, 1, 1)`;
    await sql`insert into audit_events (organization_id, id, at, actor_kind, actor_id, actor_name, action, object_type, object_id, address, agent)
      values ('org_x', ${newId("audit", seeded.now)}, now(), 'system', 's', 's', 'a', 'o', 'o', '', '')`;
    await expect(sql.unsafe(`delete from ${table}`)).rejects.toThrow(/append-only/);
  }
});
