import { beforeEach, expect, test } from "vitest";
import { testUsageRow } from "#lib/testing/metering.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { newId } from "./id.ts";
import { testDatabase } from "./testing.ts";
import { type UsageRow, usageRows } from "./usage-rows.ts";

const { sql, db } = await testDatabase();
const at = new Date("2026-10-31T23:59:59.999Z");
await sql`select ensure_usage_partition(${at})`;
const ctx = { ...(await testWorkspace(db)), now: at };
const key = newId("key", at);
const event = (): UsageRow => testUsageRow(ctx, key, { cost: 3n, waived: 0n });
const target = async (workspaceId: string | null, state = "connected", connector = "otlp") => {
  const id = newId("connection", at);
  await sql`insert into connections (organization_id, id, connector, name, workspace_id, state, settings, sealed_secret, created_by, created_at)
    values (${ctx.organizationId}, ${id}, ${connector}, 'x', ${workspaceId}, ${state}, '{}', 'x', ${newId("user", at)}, ${at})`;
  return id;
};
const queued = () =>
  sql<{ connection_id: string; events: string[]; workspaces: string[] }[]>`
    select connection_id, events, workspaces from usage_exports order by seq`;

beforeEach(async () => {
  await sql`delete from connector_rules`;
  await sql`delete from connections`;
  await sql`delete from usage_exports`;
});

test("contract 42: events wait for every connection that collects, written in the transaction that commits them", async () => {
  const [all, own] = [await target(null), await target(ctx.workspaceId)];
  await target(newId("workspace", at));
  await target(null, "paused");
  const batch = [event(), event()];
  await sql
    .begin(async (tx) => {
      await tx`select meter(${usageRows(batch)})`;
      throw new Error("It is taken back.");
    })
    .catch(() => undefined);
  expect(await queued()).toEqual([]);
  await sql`select meter(${usageRows(batch)})`;
  const ids = batch.map(({ id }) => id).toSorted();
  const workspaces = ids.map(() => ctx.workspaceId);
  expect((await queued()).toSorted((a, b) => (a.connection_id < b.connection_id ? -1 : 1))).toEqual(
    [all, own].toSorted().map((connection_id) => ({ connection_id, events: ids, workspaces })),
  );
});

test("contract 42: an event that is written again, alone or among others, waits once", async () => {
  await target(null);
  const [first, second] = [event(), event()];
  await sql`select meter(${usageRows([first])})`;
  await sql`select meter(${usageRows([first, second])})`;
  await sql`select meter(${usageRows([first, second])})`;
  await sql`select meter_unheld(${JSON.stringify(second)})`;
  expect((await queued()).map(({ events }) => events)).toEqual([[first.id], [second.id]]);
});

test("contract 42: a batch is cut to messages of spans, and none of another organization is in it", async () => {
  await target(null);
  const other = { ...(await testWorkspace(db)), now: at };
  const batch = Array.from({ length: 1100 }, event);
  const foreign = testUsageRow(other, key, { cost: 1n, waived: 0n });
  await sql`select meter(${usageRows([...batch, foreign])})`;
  const rows = await queued();
  expect(rows.map(({ events }) => events.length)).toEqual([512, 512, 76]);
  expect(rows.flatMap(({ events }) => events)).toEqual(batch.map(({ id }) => id).toSorted());
});

test("contract 42: where traces leave is said for a workspace, and only while they do", async () => {
  const leaves = async () =>
    (await sql`select exports_traces(${ctx.organizationId}, ${ctx.workspaceId}) as leaves`)[0]?.leaves;
  await target(null, "connected", "s3-usage");
  await target(newId("workspace", at));
  await target(null, "paused", "langfuse");
  expect(await leaves()).toBe(false);
  const own = await target(ctx.workspaceId, "connected", "langfuse");
  expect(await leaves()).toBe(true);
  await sql`update connections set state = 'paused' where id = ${own}`;
  expect(await leaves()).toBe(false);
});

type Gap = { is_collecting: boolean; waiting: number; gap_from: Date | null; gap_until: Date | null };
const standing = async (id: string) =>
  (
    await sql<Gap[]>`select is_collecting, gap_from, gap_until,
      (select count(*)::int from usage_exports where connection_id = ${id}) as waiting
      from export_targets join connections on connections.id = connection_id where connection_id = ${id}`
  )[0];
const move = (id: string, state: string, reason: string | null = null) =>
  sql`update connections set state = ${state}, paused_reason = ${reason} where id = ${id}`;

test("contract 42: what waits stays while it fails, needs its people or is paused by them", async () => {
  const id = await target(null);
  await sql`select meter(${usageRows([event()])})`;
  for (const state of ["failing", "needs_reconnect"]) {
    await move(id, state);
    await sql`select meter(${usageRows([event()])})`;
  }
  expect(await standing(id)).toMatchObject({ is_collecting: true, waiting: 3, gap_from: null });
  await move(id, "paused");
  await sql`select meter(${usageRows([event()])})`;
  expect(await standing(id)).toMatchObject({ is_collecting: false, waiting: 3, gap_until: null });
  await move(id, "connected");
  const { gap_from: from, gap_until: until, ...rest } = (await standing(id)) as Gap;
  expect(rest).toEqual({ is_collecting: true, waiting: 3 });
  expect(from && until && from <= until).toBe(true);
});

test("contract 42: off after five days the queue is dropped, and the gap begins with the first that is lost", async () => {
  const id = await target(null);
  await sql`select meter(${usageRows([event()])})`;
  const [lost] = await sql`select at from usage_exports`;
  await move(id, "paused", "Nothing arrived there for five days.");
  expect(await standing(id)).toEqual({ is_collecting: false, waiting: 0, gap_from: lost?.at, gap_until: null });
  await move(id, "connected");
  const after = await standing(id);
  expect([after?.is_collecting, after?.gap_from, after?.gap_until !== null]).toEqual([true, lost?.at, true]);
});

test("contract 43: what is blocked for all is dropped at once; blocked in a workspace, its events are not queued", async () => {
  const id = await target(null);
  await sql`select meter(${usageRows([event()])})`;
  const rule = (workspace: string | null) =>
    sql`insert into connector_rules values (${ctx.organizationId}, 'otlp', ${workspace}, 'blocked', 'x', ${at})`;
  await rule(ctx.workspaceId);
  await sql`select meter(${usageRows([event()])})`;
  expect(await standing(id)).toMatchObject({ is_collecting: true, waiting: 1 });
  await rule(null);
  await sql`select meter(${usageRows([event()])})`;
  expect(await standing(id)).toMatchObject({ is_collecting: false, waiting: 0 });
  await sql`delete from connector_rules`;
  expect(await standing(id)).toMatchObject({ is_collecting: true, waiting: 0 });
});
