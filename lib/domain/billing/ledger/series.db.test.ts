import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { transaction } from "#lib/core/context.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { asSystem, testCustomer, use } from "#lib/testing/billing.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T02:00:00Z");

test("billing 7: numbers have no gap and dates never go back, however many issue at once and however many are rolled back", async () => {
  const customers = await Promise.all(Array.from({ length: 8 }, () => testCustomer(db, { at: november })));
  for (const ctx of customers) await use(sql, ctx, 20, november);
  // Clocks of several machines differ, and every other transaction fails at its end.
  const closes = customers.flatMap((ctx, place) =>
    [false, true].map((fails) => {
      const its = asSystem(ctx, db, new Date(december.getTime() + ((place * 7919) % 60) * 1000));
      return transaction(its, async (its) => {
        await closeMonth(its, "2026-11-01");
        if (fails) throw new Error("rolled back");
      }).catch((error: unknown) => String(error));
    }),
  );
  await Promise.all(closes);
  for (const ctx of customers) await closeMonth(asSystem(ctx, db, december), "2026-11-01");
  const issued = await sql`select seq, issued_at from invoices where series = 'TEST-INV' order by seq`;
  expect(issued.map(({ seq }) => Number(seq))).toEqual(customers.map((_ctx, place) => place + 1));
  const dates = issued.map(({ issued_at: at }) => new Date(at).getTime());
  expect(dates).toEqual(dates.toSorted((a, b) => a - b));
});

test("billing 9: at any moment the balances of the ledger are the fold of its entries until then, and sum to zero", async () => {
  const moments = await sql<{ at: string }[]>`select distinct effective_at as at from ledger_transactions order by 1`;
  const entries = await sql`select account, amount_cents::int as cents, effective_at as at from ledger_entries as entry
    join ledger_transactions as posted on posted.organization_id = entry.organization_id and posted.id = entry.transaction_id`;
  expect(moments.length).toBeGreaterThan(1);
  for (const { at } of moments) {
    const rows = await sql`select account, sum(amount_cents)::int as cents from ledger_entries as entry
      join ledger_transactions as posted on posted.organization_id = entry.organization_id and posted.id = entry.transaction_id
      where effective_at <= ${at} group by account`;
    const folded = new Map<string, number>();
    for (const one of entries)
      if (new Date(one.at) <= new Date(at)) folded.set(one.account, (folded.get(one.account) ?? 0) + one.cents);
    expect(new Map(rows.map(({ account, cents }) => [account, cents]))).toEqual(folded);
    expect([...folded.values()].reduce((sum, cents) => sum + cents, 0)).toBe(0);
  }
});
