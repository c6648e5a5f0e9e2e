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
const target = (workspaceId: string | null, isCollecting = true, connector = "otlp") => {
  const id = newId("connection", at);
  return sql`insert into export_targets (organization_id, connection_id, connector, workspace_id, is_collecting)
    values (${ctx.organizationId}, ${id}, ${connector}, ${workspaceId}, ${isCollecting})`.then(() => id);
};
const queued = () =>
  sql<{ connection_id: string; events: string[]; workspaces: string[] }[]>`
    select connection_id, events, workspaces from usage_exports order by seq`;

beforeEach(async () => {
  await sql`delete from export_targets`;
  await sql`delete from usage_exports`;
});

test("contract 42: events wait for every connection that collects, written in the transaction that commits them", async () => {
  const [all, own] = [await target(null), await target(ctx.workspaceId)];
  await target(newId("workspace", at));
  await target(null, false);
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
  await target(null, true, "s3-usage");
  await target(newId("workspace", at));
  await target(null, false, "langfuse");
  expect(await leaves()).toBe(false);
  const own = await target(ctx.workspaceId, true, "langfuse");
  expect(await leaves()).toBe(true);
  await sql`update export_targets set is_collecting = false where connection_id = ${own}`;
  expect(await leaves()).toBe(false);
});
