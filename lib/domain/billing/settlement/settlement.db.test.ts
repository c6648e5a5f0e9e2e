import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { decideDispute, openDispute, withdrawDispute } from "#lib/domain/billing/disputes/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { recordReceipt } from "#lib/domain/payments/receipts/commands.ts";
import { asSystem, invoicedCustomer, openInvoices, systemAt, testCustomer, use } from "#lib/testing/billing.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");
const invoiced = () => invoicedCustomer({ db, sql });
const desk = systemAt(db, december);

type Debt = { ctx: Context; invoiceId: Id<"invoice"> };

const dispute = ({ ctx, invoiceId }: Debt, amount: bigint) =>
  openDispute(ctx, {
    invoiceId,
    wants: "credit",
    reason: "These requests were not ours.",
    lines: [{ line: 1, amount }],
  });
const accept = ({ ctx: { organizationId } }: Debt, disputeId: Id<"dispute">) =>
  decideDispute(desk, { organizationId, disputeId, outcome: "accepted", answer: "You are right, sorry." });
const giveBack = async (debt: Debt, amount: bigint) => accept(debt, await dispute(debt, amount));
const transfer = ({ ctx: { organizationId }, invoiceId }: Debt, amount: bigint) =>
  recordReceipt(desk, {
    organizationId,
    invoiceId,
    amount,
    valueDate: "2026-12-01",
    bankRef: `${invoiceId} ${amount}`,
  });

/** What of a document is settled, and how. */
const tallies = async ({ invoiceId }: Debt) => {
  const [row] = await sql`select state, paid_cents::int as paid, credited_cents::int as credited,
    credit_used_cents::int as used, disputed_cents::int as disputed from invoices where id = ${invoiceId}`;
  return row;
};
const balances = async ({ ctx }: Debt) => {
  const rows = await sql`select account, sum(amount_cents)::int as cents from ledger_entries
    where organization_id = ${ctx.organizationId} group by account having sum(amount_cents) <> 0`;
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]));
};
const creditOf = async ({ ctx }: Debt) => {
  const [row] = await sql`select coalesce(sum(remaining_cents), 0)::int as cents from credit_grants
    where organization_id = ${ctx.organizationId}`;
  return row?.cents;
};

/** An advance of 60 euros, VAT included, of which no one was asked to pay anything yet. */
async function advanced(card?: string): Promise<Debt> {
  const ctx = await testCustomer(db, { at: november, ...(card ? { card } : {}) });
  await use(sql, ctx, 60, november);
  await issueAdvances(systemAt(db, november));
  const [open] = await openInvoices(sql, ctx);
  if (!open) throw new Error("No advance was issued.");
  return { ctx: { ...ctx, now: december } as Context, invoiceId: open.id };
}
const close = async (debt: Debt) => {
  expect(await closeMonth(asSystem(debt.ctx, db, december), "2026-11-01")).toBe("closed");
  const [summary] = await sql`select total_cents::int as total, prepaid_cents::int as prepaid, due_cents::int as due
    from invoices where organization_id = ${debt.ctx.organizationId} and kind = 'summary'`;
  return summary;
};

test("the same credit pays an invoice in two parts: what was disputed at first, when it is due again", async () => {
  const debt = await invoiced();
  const { organizationId } = debt.ctx;
  await grantCredit(desk, { organizationId, amount: 6000n, kind: "goodwill", reason: "Welcome", expiresOn: undefined });
  const disputeId = await dispute(debt, 1000n);
  const pay = () => collect(asSystem(debt.ctx, db, december), debt.invoiceId);
  await pay();
  expect(await tallies(debt)).toMatchObject({ state: "open", used: 3600, disputed: 1200 });
  await withdrawDispute(debt.ctx, { disputeId });
  await pay();
  expect(await tallies(debt)).toMatchObject({ state: "paid", used: 4800, disputed: 0 });
  const uses =
    await sql`select amount_cents::int as cents from credit_uses where organization_id = ${organizationId} order by before_cents`;
  expect(uses).toEqual([{ cents: 3600 }, { cents: 1200 }]);
  expect(await creditOf(debt)).toBe(1200);
  expect(await balances(debt)).toEqual({
    ...{ credits_granted: 6000, customer_credit: -1200 },
    ...{ revenue: -4000, tax_payable: -800 },
  });
});

test("an advance that was credited in part is taken off with what is left of it, paid or canceled", async () => {
  const [paid, open] = [await advanced("4242424242424242"), await advanced()];
  for (const debt of [paid, open]) await giveBack(debt, 1000n);
  await collect(asSystem(paid.ctx, db, december), paid.invoiceId);
  expect(await tallies(paid)).toMatchObject({ state: "paid", paid: 4800, credited: 1200 });
  expect(await close(paid)).toEqual({ total: 7200, prepaid: 4800, due: 2400 });
  expect(await balances(paid)).toEqual({ cash: 4800, receivable: 2400, revenue: -6000, tax_payable: -1200 });
  expect(await close(open)).toEqual({ total: 7200, prepaid: 0, due: 7200 });
  expect(await tallies(open)).toMatchObject({ state: "void", paid: 0, credited: 6000 });
  expect(await balances(open)).toEqual({ receivable: 7200, revenue: -6000, tax_payable: -1200 });
});

test("credit of an advance that is in a month's invoice already gives back fees, not the advance", async () => {
  const debt = await advanced("4242424242424242");
  await collect(asSystem(debt.ctx, db, december), debt.invoiceId);
  expect(await close(debt)).toEqual({ total: 7200, prepaid: 6000, due: 1200 });
  await giveBack(debt, 1000n);
  expect(await balances(debt)).toEqual({
    ...{ cash: 6000, receivable: 1200, customer_credit: -1200 },
    ...{ revenue: -5000, tax_payable: -1000 },
  });
  expect(await creditOf(debt)).toBe(1200);
});

test("parts that round up give back no cent of tax more than the whole had", async () => {
  const debt = await invoiced();
  for (const part of [3n, 3n, 3994n]) await giveBack(debt, part);
  const notes = await sql`select net_cents::int as net, tax_cents::int as tax from invoices
    where corrects_id = ${debt.invoiceId} order by seq`;
  expect(notes).toEqual([
    { net: 3, tax: 1 },
    { net: 3, tax: 1 },
    { net: 3994, tax: 798 },
  ]);
  expect(await tallies(debt)).toMatchObject({ state: "void", credited: 4800 });
  expect(await balances(debt)).toEqual({});
});

test("a credit note settles what another dispute holds too, and that dispute lets go of nothing twice", async () => {
  for (const end of ["withdrawn", "accepted"] as const) {
    const debt = await invoiced();
    await transfer(debt, 2400n);
    const [held, larger] = [await dispute(debt, 1000n), await dispute(debt, 3000n)];
    expect(await tallies(debt)).toMatchObject({ disputed: 2400 });
    await accept(debt, larger);
    expect(await tallies(debt)).toMatchObject({ state: "paid", paid: 2400, credited: 3600, disputed: 0 });
    expect(await creditOf(debt)).toBe(1200);
    if (end === "withdrawn") await withdrawDispute(debt.ctx, { disputeId: held });
    else await accept(debt, held);
    expect(await tallies(debt), end).toMatchObject({ disputed: 0, credited: end === "withdrawn" ? 3600 : 4800 });
    expect(await creditOf(debt), end).toBe(end === "withdrawn" ? 1200 : 2400);
  }
});

test("verify finds an advance of which more or less was taken off than was left, and who took it", async () => {
  const broken = async () => (await verify(desk)).filter(({ violations }) => violations > 0).map(({ name }) => name);
  const tamper = (cents: number) =>
    sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update advance_applications set net_cents = net_cents + ${cents}, total_cents = total_cents + ${cents}`;
    });
  await tamper(1);
  expect(await broken()).toEqual([
    "what credit notes left of each advance is what its month's invoice took off, or what the ledger owes for it",
    "every month's invoice takes off what is applied to it, in the ledger and in what was paid ahead",
  ]);
  await tamper(-1);
});

test("the books of all of it agree", async () => {
  expect((await verify(desk)).filter(({ violations }) => violations > 0)).toEqual([]);
});
