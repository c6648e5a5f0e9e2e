import { beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes, dayOf, endOfMonth, monthOf, now, startOfDay } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { setOrganizationLimit } from "#lib/domain/limits/commands.ts";
import { allMonths, houseOf, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { accrueStorage } from "./commands.ts";

const { db, sql } = await testDatabase();
const base = await tunable(sql, "base", { training: 1, minimum: 0, storage: 0.2 });
const monthPrice = 200_000_000_000n;
/** The first instant of a month that is all to come, so that no other test's clock is in it. */
const first = endOfMonth(monthOf(now()));
const last = endOfMonth(dayOf(first));

let ctx: Context;
beforeAll(async () => allMonths(houseOf(db, await testWorkspace(db)), sql));
beforeEach(async () => {
  ctx = await testWorkspace(db);
  await sql`delete from tuned_models`;
});

const tenPast = (day: Date) => addMinutes(day, 10);
const accrue = (at: Date) => accrueStorage(houseOf(db, ctx, at));

async function model(createdAt: Date): Promise<string> {
  const { organizationId, workspaceId } = ctx;
  const jobId = newId("tuningJob", createdAt);
  const id = `ft:base:${jobId}`;
  await db.insert(tunedModels).values({
    ...{ organizationId, workspaceId, id, jobId, step: 1, root: base, model: base, kind: "embedded", state: "active" },
    ownerId: ctx.actor.id as never,
    visibility: "workspace",
    createdAt,
    updatedAt: createdAt,
  });
  return id;
}

const billed = async () => {
  const [row] =
    await sql`select count(*)::int as days, coalesce(sum(cost_pico), 0)::text as cost, coalesce(sum(waived_pico), 0)::text as waived
    from storage_days where organization_id = ${ctx.organizationId}`;
  return { ...row };
};
const sound = async () =>
  expect((await verify(houseOf(db, ctx))).filter(({ violations }) => violations > 0)).toEqual([]);

test("fine-tuning 32: a whole month costs exactly the month's price, missed days are made up, and no day counts twice", async () => {
  await model(first);
  const days = Math.round((last.getTime() - first.getTime()) / 86_400_000);
  await accrue(tenPast(addDays(first, 1)));
  await Promise.all([accrue(tenPast(addDays(first, 2))), accrue(tenPast(addDays(first, 2)))]);
  expect(await billed()).toMatchObject({ days: 2 });
  await accrue(tenPast(last));
  await accrue(tenPast(last));
  expect(await billed()).toEqual({ days, cost: String(monthPrice), waived: "0" });
  const [month] = await sql`select settled_pico::text as settled, tokens::int from spend_months
    where organization_id = ${ctx.organizationId} and scope = 'organization' and month = ${monthOf(first)}`;
  expect({ ...month }).toEqual({ settled: String(monthPrice), tokens: 0 });
  await sound();
});

test("fine-tuning 32: a model deleted at 23:59 costs nothing for that day", async () => {
  const id = await model(first);
  await accrue(tenPast(addDays(first, 1)));
  await sql`delete from tuned_models where id = ${id}`;
  expect(await accrue(tenPast(addDays(first, 2)))).toBe(0);
  expect(await billed()).toMatchObject({ days: 1 });
  await sound();
});

test("fine-tuning 32: at a limit a day is waived, told once a month, and never billed later", async () => {
  await model(first);
  const at = tenPast(addDays(first, 1));
  await setOrganizationLimit({ ...ctx, now: at }, { limit: pico(10n ** 9n), alerts: [] });
  for (const days of [1, 2, 3]) await accrue(tenPast(addDays(first, days)));
  expect(await billed()).toMatchObject({ days: 3, cost: String(10n ** 9n) });
  const letters =
    await sql`select kind from letters where organization_id = ${ctx.organizationId} and kind = 'billing.storage-waived'`;
  expect(letters).toHaveLength(1);
  await setOrganizationLimit({ ...ctx, now: at }, { limit: null, alerts: [] });
  await accrue(tenPast(addDays(first, 3)));
  expect(await billed()).toMatchObject({ days: 3, cost: String(10n ** 9n) });
  await sound();
});

test("the free plan keeps models for nothing", async () => {
  ctx = await testWorkspace(db, { plan: "free" });
  await model(startOfDay(dayOf(first)));
  await accrue(tenPast(addDays(first, 2)));
  expect(await billed()).toEqual({ days: 2, cost: "0", waived: "0" });
  await sound();
});
