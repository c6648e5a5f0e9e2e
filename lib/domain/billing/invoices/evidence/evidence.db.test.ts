import { expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { invoicesOf } from "#lib/domain/billing/invoices/queries.ts";
import { systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { testUsageRow } from "#lib/testing/metering.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { billedEvents, hasInvoice, recompute } from "./queries.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");
const january = new Date("2027-01-01T00:05:00Z");

async function summaryOf(ctx: Context, month: string): Promise<Id<"invoice">> {
  const found = (await invoicesOf(ctx)).find((one) => one.kind === "summary" && one.month === month);
  if (!found) throw new Error(`There is no summary of ${month}.`);
  return found.id;
}

async function eventsOf(ctx: Context, id: Id<"invoice">) {
  const batches: number[] = [];
  const events = [];
  for await (const rows of billedEvents(ctx, id)) {
    batches.push(rows.length);
    events.push(...rows);
  }
  return { batches, events };
}

test("rated anew from its requests, each line of an invoice is what they cost, to the last pico-euro", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 12.34567, november);
  await use(sql, ctx, 3.21, november, "other");
  await use(sql, ctx, 0.00012, november);
  await closeMonths(systemAt(db, december));
  const id = await summaryOf(ctx, "2026-11-01");
  const groups = await recompute(ctx, id);
  expect(
    groups.map(({ model, requests, differencePico, pendingPico }) => ({
      model,
      requests,
      differencePico,
      pendingPico,
    })),
  ).toEqual([
    { model: "m", requests: 2, differencePico: 0n, pendingPico: 0n },
    { model: "other", requests: 1, differencePico: 0n, pendingPico: 0n },
  ]);
  const { events } = await eventsOf(ctx, id);
  const cost = events.reduce((sum, { costPico }) => sum + costPico, 0n);
  expect(cost).toBe(groups.reduce((sum, { invoicedPico }) => sum + invoicedPico, 0n));
});

test("billing 32: what comes late is pending, then on the next invoice, and differs on neither", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 20, november);
  await closeMonths(systemAt(db, december));
  await use(sql, ctx, 3, november);
  const first = await summaryOf(ctx, "2026-11-01");
  expect(await recompute(ctx, first)).toMatchObject([
    {
      requests: 2,
      ratedPico: 23_000_000_000_000n,
      invoicedPico: 20_000_000_000_000n,
      pendingPico: 3_000_000_000_000n,
      differencePico: 0n,
    },
  ]);
  await use(sql, ctx, 5, december);
  await closeMonths(systemAt(db, january));
  expect(await recompute(ctx, first)).toMatchObject([
    { invoicedPico: 23_000_000_000_000n, pendingPico: 0n, differencePico: 0n },
  ]);
  expect(await recompute(ctx, await summaryOf(ctx, "2026-12-01"))).toMatchObject([
    { month: "2026-11-01", requests: 2, differencePico: 0n },
    { month: "2026-12-01", requests: 1, differencePico: 0n },
  ]);
});

test("a request that was changed behind an invoice's back shows as a difference", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 20, november);
  await closeMonths(systemAt(db, december));
  const its = sql`organization_id = ${ctx.organizationId}`;
  await sql`update usage_events set prompt_tokens = prompt_tokens + 1 where ${its}`;
  expect(await recompute(ctx, await summaryOf(ctx, "2026-11-01"))).toMatchObject([{ differencePico: 10_000_000n }]);
});

test("what a limit forbade to bill is not in the sum of its requests either", async () => {
  const ctx = await testCustomer(db, { at: november });
  const row = { ...testUsageRow(ctx, "key_test" as Id<"key">, { cost: 0n, waived: 0n }), at: november.toISOString() };
  const priced = {
    input_micros: 10_000_000,
    cached_input_micros: 1_000_000,
    output_micros: 30_000_000,
    held_pico: "0",
  };
  const waived = { prompt_tokens: 1_000_000, cost_pico: "8000000000000", waived_pico: "2000000000000" };
  await sql`select ensure_usage_partition('2026-11-10'::date)`;
  await sql`select meter(${JSON.stringify([{ ...row, ...priced, ...waived, id: newId("request", november) }])})`;
  await closeMonths(systemAt(db, december));
  expect(await recompute(ctx, await summaryOf(ctx, "2026-11-01"))).toMatchObject([
    { ratedPico: 8_000_000_000_000n, invoicedPico: 8_000_000_000_000n, differencePico: 0n },
  ]);
});

test("the file has every request once however many there are, in batches of a thousand, and no content", async () => {
  const ctx = await testCustomer(db, { at: november });
  const priced = {
    input_micros: 10_000_000,
    cached_input_micros: 1_000_000,
    output_micros: 30_000_000,
    held_pico: "0",
  };
  const rows = Array.from({ length: 2050 }, () => ({
    ...testUsageRow(ctx, "key_test" as Id<"key">, { cost: 0n, waived: 0n }),
    ...priced,
    prompt_tokens: 1000,
    cost_pico: "10000000000",
    id: newId("request", november),
    at: november.toISOString(),
  }));
  await sql`select ensure_usage_partition('2026-11-10'::date)`;
  await sql`select meter(${JSON.stringify(rows)})`;
  await closeMonths(systemAt(db, december));
  const { batches, events } = await eventsOf(ctx, await summaryOf(ctx, "2026-11-01"));
  expect(batches).toEqual([1000, 1000, 50]);
  expect(new Set(events.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => id)));
  expect(Object.keys(events[0] ?? {}).filter((name) => /content|prompt$|answer|message/i.test(name))).toEqual([]);
});

test("billing 43: another organization's invoice is not there, and without billing's roles none can be asked about", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 20, november);
  await closeMonths(systemAt(db, december));
  const id = await summaryOf(ctx, "2026-11-01");
  const other = await testCustomer(db, { at: november });
  expect([await hasInvoice(ctx, id), await hasInvoice(other, id)]).toEqual([true, false]);
  await expect(recompute(other, id)).rejects.toMatchObject({ problem: "not_found" });
  await expect(eventsOf(other, id)).rejects.toMatchObject({ problem: "not_found" });
  const worker = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  await expect(recompute(worker, id)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(eventsOf(worker, id)).rejects.toMatchObject({ problem: "forbidden" });
});
