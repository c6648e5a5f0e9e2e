import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { usageRows } from "#db/usage-rows.ts";
import type { Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import { openTestMeter, testUsageRow } from "#lib/testing/metering.ts";
import { testGateKey, testProcess } from "#lib/testing/spend-limits.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql, url } = await testDatabase();
const operator = (ctx: Context): Context => ({
  ...ctx,
  db,
  actor: { kind: "system", id: "system", name: "test", permissions: new Set(["system.operate"]) },
});
await preparePartitions(operator(await testWorkspace(db)));

const workspaceBooks = async ({ workspaceId }: Context) => {
  const [row] = await sql`select settled_pico::text as settled, held_pico::text as held from spend_months
    where scope_id = ${workspaceId}`;
  return row;
};
const broken = async (ctx: Context): Promise<string[]> =>
  (await verify(operator(ctx))).filter(({ violations }) => violations > 0).map(({ name }) => name);

/** A process that has let one request in for this much. */
async function running(ctx: Context, amount: bigint) {
  const process = await testProcess(url);
  const key = testGateKey(ctx);
  const ask = { least: amount, useful: amount, most: amount };
  const hold = await process.reservations.reserve(key, new Date(), ask, new Cancellation());
  return { ...process, hold, key, meter: openTestMeter(process.sql, process.reservations) };
}

test("T-4.2.2.2-LIM1: what a killed process had committed is summed before anything it held is released", async () => {
  const ctx = await testWorkspace(db);
  await setWorkspaceLimit(ctx, { limit: pico(100n), alerts: [] });
  const { hold, key, ...process } = await running(ctx, 100n);
  const row = testUsageRow(ctx, key.id, { cost: 80n, waived: 0n });
  // Committed, and killed before its sums were.
  await sql`insert into usage_journal values (${hold.lessee}, 0, ${usageRows([row])})`;
  expect(await workspaceBooks(ctx)).toEqual({ settled: "0", held: "100" });
  await sql`update lessees set expires_at = clock_timestamp() - interval '1 second' where id = ${hold.lessee}`;
  await sql`select reap_lessees()`;
  expect(await workspaceBooks(ctx)).toEqual({ settled: "0", held: "100" });
  await sql`select settle_dead()`;
  await sql`select reap_lessees()`;
  expect(await workspaceBooks(ctx)).toEqual({ settled: "80", held: "0" });
  expect(await broken(ctx)).toEqual([]);
  await process.end();
});

test("an entry the database refuses keeps its reason, what it may cost stays held, and all others are summed", async () => {
  const ctx = await testWorkspace(db);
  const { hold, key, meter, ...process } = await running(ctx, 100n);
  const row = testUsageRow(ctx, key.id, { cost: 30n, waived: 0n });
  const month = new Date(Date.UTC(1999, 0, 1)).toISOString();
  const elsewhere = { ...testUsageRow(ctx, key.id, { cost: 20n, waived: 0n }), at: month };
  await sql`insert into usage_journal values (${hold.lessee}, -1, ${usageRows([elsewhere])})`;
  await meter.commit(row, hold);
  await meter.settled();
  expect((await workspaceBooks(ctx))?.settled).toBe("30");
  expect(await broken(ctx)).toEqual(["the database takes every event that was committed"]);
  const left = await sql`select seq::int, problem from usage_journal`;
  expect(left).toMatchObject([{ seq: -1, problem: expect.stringContaining("partition") }]);
  await meter.close();
  await process.end();
  expect(BigInt((await workspaceBooks(ctx))?.held)).toBeGreaterThanOrEqual(20n);
  await sql`delete from usage_journal`;
  await sql`update lessees set expires_at = clock_timestamp() - interval '1 second'`;
  await sql`select reap_lessees()`;
  expect(await broken(ctx)).toEqual([]);
});

test("events the database refuses hold back no neighbour, in other entries and in their own", async () => {
  const ctx = await testWorkspace(db);
  const { hold, key, meter, ...process } = await running(ctx, 100n);
  const row = (cost: bigint) => testUsageRow(ctx, key.id, { cost, waived: 0n });
  const absurd = [
    { ...row(1n), prompt_tokens: 3e9 },
    { ...row(1n), completion_tokens: 1e30 },
  ];
  const elsewhere = { ...row(1n), at: new Date(Date.UTC(1999, 0, 1)).toISOString() };
  const entry = [absurd[0], row(10n), elsewhere, row(20n), absurd[1]].filter((one) => one !== undefined);
  await sql`insert into usage_journal values (${hold.lessee}, -3, ${usageRows(entry)})`;
  await sql`insert into usage_journal values (${hold.lessee}, -2, ${"no events at all"})`;
  await sql`insert into usage_journal values (${hold.lessee}, -1, ${usageRows([row(5n)])})`;
  await meter.commit(row(30n), hold);
  await meter.settled();
  expect((await workspaceBooks(ctx))?.settled).toBe("65");
  expect(await broken(ctx)).toEqual(["the database takes every event that was committed"]);
  const left = await sql`select seq::int, case when events like '{%' then cardinality(events::text[]) end as refused
    from usage_journal where problem is not null order by seq`;
  expect([...left]).toEqual([
    { seq: -3, refused: 3 },
    { seq: -2, refused: null },
  ]);
  await meter.close();
  await process.end();
  await sql`delete from usage_journal`;
  await sql`update lessees set expires_at = clock_timestamp() - interval '1 second'`;
  await sql`select reap_lessees()`;
});

test("T-4.2.2.2-LIM1: reservations are not given back while something spent out of them is not summed", async () => {
  const ctx = await testWorkspace(db);
  const { hold, key, meter, ...process } = await running(ctx, 100n);
  const blocker = await sql.reserve();
  await blocker`begin`;
  await blocker`select from spend_months where scope_id = ${ctx.workspaceId} for update`;
  await meter.commit(testUsageRow(ctx, key.id, { cost: 60n, waived: 0n }), hold);
  // Long enough for an idle pool to give back everything, were it allowed to.
  await expect.poll(() => sql`select from pg_locks where not granted`.then(({ count }) => count)).toBeGreaterThan(0);
  await blocker`rollback`;
  blocker.release();
  await meter.settled();
  await expect.poll(() => workspaceBooks(ctx), { timeout: 6000 }).toEqual({ settled: "60", held: "0" });
  expect(await broken(ctx)).toEqual([]);
  await meter.close();
  await process.end();
});
