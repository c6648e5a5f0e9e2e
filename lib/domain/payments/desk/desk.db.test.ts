import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { creditsOf } from "#lib/domain/billing/credits/queries.ts";
import {
  accountCredits,
  accountHolder,
  accountInvoices,
  deskAccount,
  deskDispute,
  disputeHolder,
  ledgerPage,
} from "#lib/domain/billing/desk/account/queries.ts";
import { accountFilter, bookFilter, lateFilter } from "#lib/domain/billing/desk/input.ts";
import { accountPage, deskCounts, lateAccounts, stuckCycles } from "#lib/domain/billing/desk/queries.ts";
import { standingOf } from "#lib/domain/billing/desk/rules.ts";
import { answerDispute, decideDispute, openDispute } from "#lib/domain/billing/disputes/commands.ts";
import { decideInput, disputeFilter } from "#lib/domain/billing/disputes/input.ts";
import { deskDisputePage } from "#lib/domain/billing/disputes/queries.ts";
import { refreshStandings } from "#lib/domain/billing/dunning/commands.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { dun } from "#lib/domain/payments/dunning/commands.ts";
import { recordReceipt } from "#lib/domain/payments/receipts/commands.ts";
import { payableFilter } from "#lib/domain/payments/receipts/input.ts";
import { lastReceipts, payableInvoices } from "#lib/domain/payments/receipts/queries.ts";
import { settleDifference } from "#lib/domain/payments/reconciliation/commands.ts";
import { openDifferences, settledDifferences } from "#lib/domain/payments/reconciliation/queries.ts";
import { refund } from "#lib/domain/payments/refunds/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { asSystem, invoicedCustomer, staffAt, systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { accountPayments } from "./queries.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");
const later = (days: number) => new Date(december.getTime() + days * 86_400_000);

let made = 0;
/** A customer with an invoice for November of 48 euros, VAT included, and a name of its own. */
async function invoiced(card?: string): Promise<{ ctx: Context; name: string; invoiceId: Id<"invoice"> }> {
  const { ctx, invoiceId } = await invoicedCustomer({ db, sql }, card);
  made += 1;
  const name = `Quokka ${made} 100%`;
  await sql`update organizations set name = ${name} where id = ${ctx.organizationId}`;
  return { ctx, name, invoiceId };
}

const look = (staff: AccountContext, { organizationId }: Context) =>
  openLook(staff, { organizationId, reason: "billing", words: "They ask about their last invoice." });
const seen = async ({ organizationId }: Context) =>
  (
    await sql`select action, object_type as type from audit_events
      where organization_id = ${organizationId} and actor_kind = 'staff' order by sequence`
  ).map(({ action, type }) => `${action} ${type}`);
const dispute = (ctx: Context, invoiceId: Id<"invoice">) =>
  openDispute(ctx, {
    invoiceId,
    wants: "credit",
    reason: "These requests were not ours at all.",
    lines: [{ line: 1, amount: 1000n }],
  });

test("a bank transfer is recorded on an invoice that is found by its number or its customer's name", async () => {
  const { ctx, name, invoiceId } = await invoiced();
  const staff = staffAt("billing", later(1));
  const byName = await payableInvoices(staff, payableFilter.parse({ q: name }));
  expect(byName.rows).toMatchObject([{ id: invoiceId, organizationName: name, openCents: 4800n }]);
  const { number } = byName.rows[0] ?? { number: "" };
  const byNumber = await payableInvoices(staff, payableFilter.parse({ q: number.toLowerCase().slice(5) }));
  expect(byNumber.rows.map(({ id }) => id)).toEqual([invoiceId]);
  expect((await payableInvoices(staff, payableFilter.parse({ q: "_%" }))).rows).toEqual([]);
  const transfer = { organizationId: ctx.organizationId, invoiceId, valueDate: "2026-12-01" };
  await recordReceipt(staff, { ...transfer, amount: 1800n, bankRef: "B-1" });
  expect((await payableInvoices(staff, payableFilter.parse({ q: number }))).rows).toMatchObject([{ openCents: 3000n }]);
  await recordReceipt(staffAt("billing", later(2)), { ...transfer, amount: 3000n, bankRef: "B-2" });
  expect((await payableInvoices(staff, payableFilter.parse({ q: number }))).rows).toEqual([]);
  expect((await lastReceipts(staff)).slice(0, 2)).toMatchObject([
    { bankRef: "B-2", number, organizationName: name, amountCents: 3000n },
    { bankRef: "B-1" },
  ]);
});

test("open invoices come page by page, each once, in either order", async () => {
  const staff = staffAt("billing", december);
  const { ctx } = await invoiced();
  await sql`insert into invoices select (jsonb_populate_record(invoices, jsonb_build_object('id', 'ivc_page' || n, 'number', 'PAGE-' || n,
      'seq', 1000 + n, 'kind', 'final', 'net_cents', 0, 'tax_cents', 0, 'total_cents', 0, 'due_cents', 0, 'due_at', '2026-12-02T00:00:00Z'::timestamptz + n % 7 * interval '1 day'))).*
    from invoices cross join generate_series(1, 120) as n where organization_id = ${ctx.organizationId} and kind = 'summary'`;
  for (const sort of ["due", "-due", "number"] as const) {
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await payableInvoices(staff, payableFilter.parse({ q: "PAGE-", sort, after }));
      found.push(...page.rows.map(({ number }) => number));
      if (page.after === null) break;
      after = page.after;
    }
    expect(found).toHaveLength(120);
    expect(new Set(found).size).toBe(120);
  }
});

test("T-5.2-DISP: what a customer wrote is seen, answered and decided with a reason only; the customer's audit log has each look", async () => {
  const { ctx, invoiceId } = await invoiced();
  const id = await dispute(ctx, invoiceId);
  const { organizationId } = ctx;
  const staff = staffAt("billing", later(1));
  const [open, partly] = [disputeFilter.parse({ state: "open" }), disputeFilter.parse({ state: "partly" })];
  const found = async (asked: typeof open) => (await deskDisputePage(staff, asked)).rows;
  expect((await found(open)).map((row) => row.id)).toContain(id);
  for (const row of await found(open)) expect(Object.keys(row)).not.toContain("reason");
  expect(await disputeHolder(staff, organizationId, id)).toMatchObject({ id: organizationId });
  const body = "We look into it.";
  const decision = {
    organizationId,
    disputeId: id,
    outcome: "partly" as const,
    amount: 500n,
    answer: "Half of it was ours.",
  };
  for (const attempt of [
    () => deskDispute(staff, organizationId, id),
    () => answerDispute(staff, { organizationId, disputeId: id, body }),
    () => decideDispute(staff, decision),
  ])
    await expect(attempt()).rejects.toMatchObject({ problem: "forbidden", code: "look_required" });
  await look(staff, ctx);
  expect(await deskDispute(staff, organizationId, id)).toMatchObject({
    reason: "These requests were not ours at all.",
    lines: [{ amountCents: 1000n }],
    invoice: { id: invoiceId, disputedCents: 1200n },
  });
  await answerDispute(staff, { organizationId, disputeId: id, body });
  await decideDispute(staff, decision);
  const decided = await deskDispute(staff, organizationId, id);
  expect(decided).toMatchObject({ state: "partly", creditedCents: 600n, answer: "Half of it was ours." });
  expect(decided.messages).toMatchObject([{ from: "staff", body, authorName: "Jonas Ek" }]);
  expect((await found(open)).map((row) => row.id)).not.toContain(id);
  expect((await found(partly)).map((row) => row.id)).toContain(id);
  expect(await seen(ctx)).toEqual(expect.arrayContaining(["staff.open-look look", "staff.look dispute"]));
});

test("a decision in full or none needs no amount: an empty field is none", () => {
  const { organizationId, id: disputeId } = { organizationId: `org_${"0".repeat(26)}`, id: `dsp_${"0".repeat(26)}` };
  const common = { organizationId, disputeId, answer: "It was not ours." };
  expect(decideInput.parse({ ...common, outcome: "rejected", amount: "" }).amount).toBeUndefined();
  expect(decideInput.parse({ ...common, outcome: "partly", amount: "5,50" }).amount).toBe(550n);
  expect(decideInput.safeParse({ ...common, outcome: "partly", amount: "five" }).success).toBe(false);
});

test("an account's books are seen under a look: balances, ledger, documents, payments and credit", async () => {
  const { ctx, name, invoiceId } = await invoiced("4242424242424242");
  await collect(asSystem(ctx, db, later(0.5)), invoiceId);
  const { organizationId } = ctx;
  const staff = staffAt("billing", later(1));
  const rows = (await accountPage(staff, accountFilter.parse({ q: name }))).rows;
  expect(rows).toMatchObject([{ organizationId, organizationName: name, provider: "sandbox" }]);
  expect((await accountPage(staff, accountFilter.parse({ q: organizationId }))).rows).toHaveLength(1);
  expect(await accountHolder(staff, organizationId)).toEqual({ id: organizationId, name });
  const asked = bookFilter.parse({});
  const grant = {
    organizationId,
    amount: 2500n,
    kind: "goodwill" as const,
    reason: "For the outage",
    expiresOn: undefined,
  };
  for (const attempt of [
    () => deskAccount(staff, organizationId),
    () => ledgerPage(staff, organizationId, asked),
    () => accountInvoices(staff, organizationId, asked),
    () => accountPayments(staff, organizationId, asked),
    () => accountCredits(staff, organizationId),
    () => grantCredit(staff, grant),
  ])
    await expect(attempt()).rejects.toMatchObject({ problem: "forbidden", code: "look_required" });
  await look(staff, ctx);
  await grantCredit(staff, grant);
  const account = await deskAccount(staff, organizationId);
  expect(account).toMatchObject({ organizationName: name, creditCents: 2500n, owedCents: 0n });
  const balances = Object.fromEntries(account.balances.map(({ account: one, cents }) => [one, cents]));
  expect(balances).toEqual({
    cash: 4800n,
    revenue: -4000n,
    tax_payable: -800n,
    credits_granted: 2500n,
    customer_credit: -2500n,
  });
  const ledger = await ledgerPage(staff, organizationId, asked);
  expect(ledger.rows.map(({ kind }) => kind)).toEqual(["credit-granted", "payment", "issue-summary"]);
  for (const { entries } of ledger.rows)
    expect(entries.reduce((sum, { amountCents }) => sum + amountCents, 0n)).toBe(0n);
  const number = ledger.rows.at(-1)?.number ?? "";
  expect((await ledgerPage(staff, organizationId, bookFilter.parse({ q: number }))).rows).toHaveLength(2);
  expect((await accountInvoices(staff, organizationId, asked)).rows).toMatchObject([{ id: invoiceId, number }]);
  expect((await accountPayments(staff, organizationId, asked)).rows).toMatchObject([
    { number, state: "succeeded", brand: "visa", last4: "4242", amountCents: 4800n },
  ]);
  expect(await accountCredits(staff, organizationId)).toMatchObject([
    { amountCents: 2500n, kind: "goodwill", uses: [] },
  ]);
  expect(await accountCredits(staff, organizationId)).toEqual(await creditsOf(ctx));
  // Once for each reason, however much is read under it.
  expect((await seen(ctx)).filter((line) => line === "staff.look billing")).toHaveLength(1);
});

test("money is sent back under a look, as far as it is the customer's", async () => {
  const { ctx, invoiceId } = await invoiced("4242424242424242");
  await collect(asSystem(ctx, db, december), invoiceId);
  const id = await dispute(ctx, invoiceId);
  const { organizationId } = ctx;
  const staff = staffAt("billing", later(1));
  const [payment] = await sql`select id from payments where organization_id = ${organizationId}`;
  const wanted = { organizationId, paymentId: payment?.id as Id<"payment">, amount: 1200n };
  await expect(refund(staff, wanted)).rejects.toMatchObject({ code: "look_required" });
  await look(staff, ctx);
  await expect(refund(staff, wanted)).rejects.toMatchObject({ problem: "conflict" });
  await decideDispute(staff, {
    organizationId,
    disputeId: id,
    outcome: "accepted",
    amount: undefined,
    answer: "All of it was ours.",
  });
  await refund(staff, wanted);
  const [row] = (await accountPayments(staff, organizationId, bookFilter.parse({}))).rows;
  expect(row).toMatchObject({ refundedCents: 1200n });
});

test("T-5.2-BILL: who is late is listed with what is owed, the last step of dunning and the next", async () => {
  const { ctx, name } = await invoiced();
  for (const day of [0, 2, 7, 14]) {
    await dun(systemAt(db, later(day)));
    await refreshStandings(systemAt(db, later(day)));
  }
  const [row] = (await lateAccounts(staffAt("billing", later(15)), lateFilter.parse({ q: name }))).rows;
  expect(row).toMatchObject({
    organizationId: ctx.organizationId,
    owedCents: 4800n,
    invoices: 1,
    lastStep: { day: 14 },
    blockedReason: "unpaid",
  });
  expect(row?.nextStepAt?.getTime()).toBe((row?.dueAt?.getTime() ?? 0) + 21 * 86_400_000);
  for (const standing of ["blocked", "past_due", "good"] as const) {
    const found = (await accountPage(staffAt("billing", later(15)), accountFilter.parse({ standing }))).rows;
    expect(found.map(standingOf).filter((one) => one !== standing)).toEqual([]);
  }
  const blocked = await accountPage(staffAt("billing", later(15)), accountFilter.parse({ standing: "blocked" }));
  expect(blocked.rows.map(({ organizationId }) => organizationId)).toContain(ctx.organizationId);
});

test("a month that cannot be closed is shown with why, and a difference until someone says what became of it", async () => {
  const ctx = await testCustomer(db, { at: november });
  await use(sql, ctx, 5, november);
  await sql`update spend_months set held_pico = 1 where organization_id = ${ctx.organizationId} and scope = 'organization'`;
  expect(await closeMonth(asSystem(ctx, db, december), "2026-11-01")).toBe("waits");
  const staff = staffAt("billing", later(1));
  const before = await deskCounts(staff);
  expect((await stuckCycles(staff)).find(({ organizationId }) => organizationId === ctx.organizationId)).toMatchObject({
    month: "2026-11-01",
    problem: "Requests of the month are still under way.",
  });
  await sql`insert into payment_differences (provider, ref, what, found_at) values ('stripe', 'pi_1', 'Paid there, failed here.', ${december})`;
  expect((await deskCounts(staff)).differences).toBe(before.differences + 1);
  expect(await openDifferences(staff)).toMatchObject([{ ref: "pi_1" }]);
  await settleDifference(staff, { provider: "stripe", ref: "pi_1", words: "Recorded by hand." });
  expect(await openDifferences(staff)).toEqual([]);
  expect(await settledDifferences(staff)).toMatchObject([{ ref: "pi_1", words: "Recorded by hand." }]);
});

test("staff of other desks, and people of customers, get none of it", async () => {
  const { ctx } = await invoiced();
  for (const stranger of [staffAt("support", december), staffAt("trust", december), staffAt("legal", december), ctx])
    for (const attempt of [
      () => payableInvoices(stranger, payableFilter.parse({})),
      () => lastReceipts(stranger),
      () => deskDisputePage(stranger, disputeFilter.parse({})),
      () => accountPage(stranger, accountFilter.parse({})),
      () => accountHolder(stranger, ctx.organizationId),
      () => deskAccount(stranger, ctx.organizationId),
      () => lateAccounts(stranger, lateFilter.parse({})),
      () => stuckCycles(stranger),
      () => deskCounts(stranger),
      () => openDifferences(stranger),
      () => settledDifferences(stranger),
    ])
      await expect(attempt()).rejects.toMatchObject({ problem: "forbidden" });
});
