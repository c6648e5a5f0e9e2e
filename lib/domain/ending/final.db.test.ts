import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { beginEnding } from "#lib/domain/agreements/commands.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { asSystem, systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { applyEnds, finalizeEnds, finishDrains } from "./applying/commands.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");

const documents = async (ctx: Context) => [
  ...(await sql`select kind, month::text as month, total_cents::int as total, prepaid_cents::int as prepaid, due_cents::int as due
    from invoices where organization_id = ${ctx.organizationId} order by issued_at, kind, seq`),
];

async function ended(ctx: Context, endsAt: Date): Promise<void> {
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
  await transaction({ ...ctx, now: november }, (ctx) => beginEnding(ctx, { kind: "disagreement", endsAt }));
  await applyEnds(systemAt(db, endsAt));
}

/** What runs each minute. */
async function minute(at: Date): Promise<void> {
  const house = systemAt(db, at);
  await applyEnds(house);
  await finishDrains(house);
  await closeMonths(house);
  await finalizeEnds(house);
}

test("contract 27, T-6-EFF: an end within a month is billed at once, to the cent, with advances taken off; nothing is carried on", async () => {
  const T = new Date("2026-11-20T00:00:00Z");
  const ctx = await testCustomer(db, { at: november, card: "4242424242424242" });
  await use(sql, ctx, 60.33, november);
  await issueAdvances(systemAt(db, november));
  const [advance] = await sql`select id from invoices where organization_id = ${ctx.organizationId}`;
  await collect(asSystem(ctx, db, november), advance?.id);
  await ended(ctx, T);
  // A request that was let in before the end is still held.
  await sql`update spend_months set held_pico = 1 where organization_id = ${ctx.organizationId}`;
  await minute(addMinutes(T, 2));
  expect(await documents(ctx)).toHaveLength(1);
  await sql`update spend_months set held_pico = 0 where organization_id = ${ctx.organizationId}`;
  await use(sql, ctx, 1, T);
  await minute(addMinutes(T, 3));
  const month = "2026-11-01";
  expect(await documents(ctx)).toEqual([
    { kind: "advance", month, total: 6000, prepaid: 0, due: 6000 },
    { kind: "final", month, total: 7360, prepaid: 6000, due: 1360 },
  ]);
  await minute(addMinutes(T, 4));
  await minute(new Date("2026-12-01T01:00:00Z"));
  expect(await documents(ctx)).toHaveLength(2);
  const letters =
    await sql`select kind from letters where organization_id = ${ctx.organizationId} and kind = 'contract.final'`;
  expect(letters).toHaveLength(1);
});

test("contract 27, T-6-EFF: at a month's end the last invoice is the month's, and what is too little to collect is not asked for", async () => {
  const T = new Date("2026-12-01T00:00:00Z");
  const [some, little] = [await testCustomer(db, { at: november }), await testCustomer(db, { at: november })];
  await use(sql, some, 12, november);
  await use(sql, little, 0.3, november);
  for (const ctx of [some, little]) await ended(ctx, T);
  await minute(addMinutes(T, 2));
  expect(await documents(some)).toMatchObject([{ kind: "final", total: 1440, due: 1440 }]);
  expect(await documents(little)).toEqual([]);
  const [cycle] = await sql`select count(*)::int as count from billing_cycles
    where organization_id = ${little.organizationId} and carried_cents > 0`;
  expect(cycle?.count).toBe(0);
  expect((await verify(systemAt(db, addMinutes(T, 3)))).filter(({ violations }) => violations > 0)).toEqual([]);
});
