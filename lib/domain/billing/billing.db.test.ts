import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { withdrawOrder } from "#lib/domain/orders/commands.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { asSystem, systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { closeMonth, closeMonths } from "./closing/commands.ts";
import { issueAdvances } from "./cycles/commands.ts";
import { render } from "./documents/commands.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");

const documents = (ctx: Context) =>
  sql`select kind, number, state, net_cents::int as net, tax_cents::int as tax, total_cents::int as total, prepaid_cents::int as prepaid,
    due_cents::int as due, paid_cents::int as paid, credited_cents::int as credited, threshold_cents::int as threshold
    from invoices where organization_id = ${ctx.organizationId} order by issued_at, kind, seq`;

const balances = async (ctx: Context) => {
  const rows = await sql`select account, sum(amount_cents)::int as cents from ledger_entries
    where organization_id = ${ctx.organizationId} group by account`;
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]).filter(([, cents]) => cents !== 0));
};

/** Collects whatever is open, as the jobs that were queued would. */
async function collectAll(ctx: Context, at: Date): Promise<void> {
  const open =
    await sql`select id from invoices where organization_id = ${ctx.organizationId} and state = 'open' order by issued_at, seq`;
  for (const { id } of open) await collect(asSystem(ctx, db, at), id);
}

test("T-5.2-ADV2: a jump over two thresholds issues two advances with VAT, once, whoever looks; T-5.2-EOC: they are taken off at the end", async () => {
  const ctx = await testCustomer(db, { at: november, card: "4242424242424242" });
  await use(sql, ctx, 49.99, november);
  expect(await issueAdvances(systemAt(db, november))).toBe(0);
  await use(sql, ctx, 200.02, november);
  const looks = await Promise.all([1, 2, 3].map(() => issueAdvances(systemAt(db, november))));
  expect(looks.reduce((sum, one) => sum + one, 0)).toBe(2);
  expect(await documents(ctx)).toMatchObject([
    { kind: "advance", threshold: 5000, net: 5000, tax: 1000, total: 6000, due: 6000, state: "open" },
    { kind: "advance", threshold: 20000, net: 15000, tax: 3000, total: 18000, due: 18000, state: "open" },
  ]);
  await collectAll(ctx, november);
  expect(await balances(ctx)).toEqual({ cash: 24000, advance_liability: -20000, tax_payable: -4000 });
  expect(await closeMonth(asSystem(ctx, db, december), "2026-11-01")).toBe("closed");
  expect(await closeMonth(asSystem(ctx, db, december), "2026-11-01")).toBe("waits");
  const [, , summary] = await documents(ctx);
  expect(summary).toMatchObject({ kind: "summary", net: 25001, tax: 5000, total: 30001, prepaid: 24000, due: 6001 });
  await collectAll(ctx, december);
  expect(await balances(ctx)).toEqual({ cash: 30001, revenue: -25001, tax_payable: -5000 });
  const numbers = (await documents(ctx)).map(({ number }) => number);
  expect(numbers).toEqual(["TEST-INV-2026-000001", "TEST-INV-2026-000002", "TEST-INV-2026-000003"]);
});

test("T-5.2-ADV3: of an advance one letter goes to each reader with the invoice in it, however often its file is made", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 50, november);
  await issueAdvances(systemAt(db, november));
  const [{ id, number } = { id: "", number: "" }] =
    await sql`select id, number from invoices where organization_id = ${ctx.organizationId}`;
  await Promise.all([1, 2].map(() => render(asSystem(ctx, db, november), id)));
  await render(asSystem(ctx, db, november), id);
  const letters = await sql`select recipient, clause, subject, attachments from letters
    where organization_id = ${ctx.organizationId} and kind = 'billing.advance'`;
  expect(letters.length).toBeGreaterThan(0);
  expect(new Set(letters.map(({ recipient }) => recipient)).size).toBe(letters.length);
  for (const letter of letters)
    expect(letter).toMatchObject({
      clause: "T-5.2-ADV3",
      subject: expect.stringContaining(number),
      attachments: [{ type: "application/pdf", name: expect.stringContaining(number) }],
    });
});

test("T-5.2-ADV2: the request that meets a threshold has the advance issued at once, before any sweep", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 1, november);
  await issueAdvances(systemAt(db, november));
  const queued = async () =>
    (await sql`select key from graphile_worker.jobs where task_identifier = 'billing.issue-advances'`).length;
  await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where task_identifier = 'billing.issue-advances'))`;
  await use(sql, ctx, 48.99, november);
  expect(await queued()).toBe(0);
  await use(sql, ctx, 0.01, november);
  await use(sql, ctx, 0.01, november);
  expect(await queued()).toBe(1);
  await issueAdvances(systemAt(db, november));
  expect(await documents(ctx)).toMatchObject([{ kind: "advance", threshold: 5000 }]);
});

test("T-5.2-EOC: an advance that was never collected is credited and falls into the month's invoice: one debt", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 60, november);
  await issueAdvances(systemAt(db, november));
  await collectAll(ctx, november);
  await closeMonths(systemAt(db, december));
  expect(await documents(ctx)).toMatchObject([
    { kind: "advance", state: "void", credited: 6000 },
    { kind: "credit_note", total: 6000 },
    { kind: "summary", total: 7200, prepaid: 0, due: 7200, state: "open" },
  ]);
  expect(await balances(ctx)).toEqual({ receivable: 7200, revenue: -6000, tax_payable: -1200 });
});

test("billing 29: what is too small to collect waits for the next invoice with its own month, also behind an advance", async () => {
  const ctx = await testCustomer(db, { at: november, card: "4242424242424242" });
  await use(sql, ctx, 0.4, november);
  await closeMonths(systemAt(db, december));
  expect(await documents(ctx)).toEqual([]);
  const later = new Date("2026-12-20T00:00:00Z");
  await use(sql, ctx, 50.1, later);
  await issueAdvances(systemAt(db, later));
  await collectAll(ctx, later);
  await closeMonths(systemAt(db, new Date("2027-01-01T00:00:00Z")));
  expect((await documents(ctx)).at(-1)).toMatchObject({
    kind: "summary",
    net: 5000,
    prepaid: 6000,
    due: 0,
    state: "paid",
  });
  const lines =
    await sql`select line.description, line.amount_cents::int as cents, line.month::text as month from invoice_lines as line
    join invoices on invoices.organization_id = line.organization_id and invoices.id = line.invoice_id
    where line.organization_id = ${ctx.organizationId} and invoices.kind = 'summary' order by line.line`;
  expect(lines).toEqual([
    { description: "m, input tokens", cents: 40, month: "2026-11-01" },
    { description: "m, input tokens", cents: 5010, month: "2026-12-01" },
    { description: "Carried to the next invoice", cents: -50, month: "2026-12-01" },
  ]);
  const january = new Date("2027-01-15T00:00:00Z");
  await use(sql, ctx, 10, january);
  await closeMonths(systemAt(db, new Date("2027-02-01T00:00:00Z")));
  expect((await documents(ctx)).at(-1)).toMatchObject({ kind: "summary", net: 1050, due: 1260 });
});

test("billing 32: what comes late for a closed month goes to the next invoice with its date", async () => {
  const ctx = await testCustomer(db, { at: november, card: "4242424242424242" });
  await use(sql, ctx, 20, november);
  await closeMonths(systemAt(db, december));
  await use(sql, ctx, 3, november);
  await use(sql, ctx, 5, december);
  await closeMonths(systemAt(db, new Date("2027-01-01T00:00:00Z")));
  const lines = await sql`select month::text as month, sum(amount_cents)::int as cents from invoice_lines
    where organization_id = ${ctx.organizationId} group by 1, invoice_id order by 2`;
  expect(lines).toEqual([
    { month: "2026-11-01", cents: 300 },
    { month: "2026-12-01", cents: 500 },
    { month: "2026-11-01", cents: 2000 },
  ]);
});

test("T-5.2-ADV1, T-3-PO: thresholds of an order hold from its approval until it ends, from the next look on, though none is met", async () => {
  const ctx = await testCustomer(db, { at: now() });
  const looked = async () => {
    expect(await issueAdvances(systemAt(db, now()))).toBe(0);
    const [cycle] = await sql`select thresholds ->> 'ref' as ref, next_cents::int as next from billing_cycles
      where organization_id = ${ctx.organizationId}`;
    return cycle;
  };
  await use(sql, ctx, 30, now());
  const before = await looked();
  expect(before).toMatchObject({ next: 5000 });
  const { author, active, named } = await orderDesk(db, ctx);
  const id = await active("thresholds = 10; 35");
  expect(await looked()).toEqual({ ref: id, next: 3500 });
  await withdrawOrder({ ...author, now: now() }, { ...named(id), reason: "Signed by mistake" });
  expect(await looked()).toEqual(before);
});

test("the books of all of it agree", async () => {
  const verdicts = await verify(systemAt(db, december));
  expect(verdicts.filter(({ violations }) => violations > 0)).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(25);
});
