import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { decideDispute, openDispute, withdrawDispute } from "#lib/domain/billing/disputes/commands.ts";
import { refreshStandings } from "#lib/domain/billing/dunning/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { sandboxMethodInput } from "#lib/engine/payments/sandbox/cards.ts";
import { enterSandboxMethod } from "#lib/engine/payments/sandbox/pages.ts";
import {
  addCard,
  asSystem,
  invoicedCustomer,
  openInvoices,
  systemAt,
  testCustomer,
  use,
} from "#lib/testing/billing.ts";
import { collect, lookUp, lookUpPayments } from "./attempts/commands.ts";
import { dun } from "./dunning/commands.ts";
import { workOffEvent } from "./inbox/commands.ts";
import { removeMethod } from "./methods/commands.ts";
import { beginPayment } from "./pages/commands.ts";
import { recordReceipt } from "./receipts/commands.ts";
import { reconcile } from "./reconciliation/commands.ts";
import { refund } from "./refunds/commands.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");
const later = (days: number, from = december) => new Date(from.getTime() + days * 86_400_000);

const invoiced = (card?: string) => invoicedCustomer({ db, sql }, card);

const stateOf = async (ctx: Context) => {
  const [row] =
    await sql`select past_due_since is not null as late, blocked_at is not null as blocked, blocked_reason as reason
    from billing_accounts where organization_id = ${ctx.organizationId}`;
  return row;
};
const attempts = (ctx: Context) =>
  sql`select attempt, state, kind, advice, amount_cents::int as amount from payments where organization_id = ${ctx.organizationId} order by created_at, attempt`;
const letters = async (ctx: Context) =>
  (
    await sql`select kind from letters where organization_id = ${ctx.organizationId} and kind like 'billing.%' group by kind, created_at order by created_at`
  ).map(({ kind }) => kind);
const asDesk = (at = december) => systemAt(db, at);

test("billing 26, T-5.2-BILL: a decline is tried again by dunning, each time as a new attempt, until it is paid", async () => {
  const { ctx, invoiceId } = await invoiced("4000000000000341");
  expect(await collect(asSystem(ctx, db, december), invoiceId)).toBe("charged");
  for (const day of [0, 1, 2, 6]) await dun(asDesk(later(day)));
  // A card that will decline again is left alone; after a decline that may pass, each step tries once.
  expect(await attempts(ctx)).toMatchObject([{ attempt: 1, state: "failed", advice: "new_method" }]);
  await sql`update payments set advice = 'retry_later' where organization_id = ${ctx.organizationId}`;
  for (const day of [7, 8, 8]) await dun(asDesk(later(day)));
  expect(await attempts(ctx)).toMatchObject([1, 2].map((attempt) => ({ attempt, state: "failed", amount: 4800 })));
  await addCard(db, { ...ctx, now: later(9) } as Context, "4242424242424242");
  const [queued] =
    await sql`select count(*)::int as jobs from graphile_worker.jobs where task_identifier = 'payments.collect-invoice' and key like ${`%${invoiceId}:pm_%`}`;
  expect(queued?.jobs).toBe(1);
  await dun(asDesk(later(14)));
  expect((await attempts(ctx)).at(-1)).toMatchObject({ attempt: 3, state: "succeeded" });
  expect(await letters(ctx)).toEqual(expect.arrayContaining(["billing.payment-failed"]));
});

test("T-5.2-BILL: without a payment method an invoice is reminded of, past due after a week, blocked after two, open again when it is paid", async () => {
  const { ctx, invoiceId } = await invoiced();
  for (const day of [0, 2, 7, 14, 21]) {
    await dun(asDesk(later(day)));
    await refreshStandings(asDesk(later(day)));
    const expected = { late: day >= 7, blocked: day >= 14, reason: day >= 14 ? "unpaid" : null };
    expect(await stateOf(ctx), `day ${day}`).toEqual(expected);
  }
  expect(await letters(ctx)).toEqual(expect.arrayContaining(["billing.reminder", "billing.blocked"]));
  const receipt = { organizationId: ctx.organizationId, invoiceId, valueDate: "2026-12-20" };
  await recordReceipt(asDesk(later(22)), { ...receipt, amount: 1000n, bankRef: "A-1" });
  expect(await stateOf(ctx)).toMatchObject({ blocked: true });
  await expect(recordReceipt(asDesk(later(22)), { ...receipt, amount: 3800n, bankRef: "A-1" })).rejects.toMatchObject({
    problem: "conflict",
  });
  await recordReceipt(asDesk(later(22)), { ...receipt, amount: 4000n, bankRef: "A-2" });
  expect(await stateOf(ctx)).toEqual({ late: false, blocked: false, reason: null });
  // Two euros too much are the customer's.
  const [credit] =
    await sql`select kind, remaining_cents::int as left from credit_grants where organization_id = ${ctx.organizationId}`;
  expect(credit).toEqual({ kind: "refund", left: 200 });
  expect(await letters(ctx)).toContain("billing.unblocked");
});

test("billing 27: a removed card leaves the next collection to a person, and another card takes over", async () => {
  const { ctx, invoiceId } = await invoiced("4242424242424242");
  const [method] = await sql`select id from payment_methods where organization_id = ${ctx.organizationId}`;
  await removeMethod(ctx, { id: method?.id });
  expect(await collect(asSystem(ctx, db, december), invoiceId)).toBe("asked");
  await addCard(db, ctx, "5555555555554444");
  expect(await collect(asSystem(ctx, db, december), invoiceId)).toBe("charged");
  expect((await openInvoices(sql, ctx)).length).toBe(0);
});

test("billing 28: a charge the bank wants confirmed waits for the person, whose letter says so", async () => {
  const { ctx, invoiceId } = await invoiced("4000002500003155");
  await collect(asSystem(ctx, db, december), invoiceId);
  expect(await attempts(ctx)).toMatchObject([{ state: "requires_action" }]);
  expect(await letters(ctx)).toContain("billing.confirm-payment");
  // While it waits, nothing else is asked for.
  expect(await collect(asSystem(ctx, db, december), invoiceId)).toBe("nothing");
});

test("billing 13: a crash between the attempt and the provider's answer leaves one charge", async () => {
  const { ctx, invoiceId } = await invoiced("4242424242424242");
  const [method] = await sql`select id from payment_methods where organization_id = ${ctx.organizationId}`;
  const id = `pay_${"0".repeat(25)}1`;
  await sql`insert into payments (organization_id, id, invoice_id, attempt, amount_cents, provider, livemode, kind, method_id, state, created_at)
    values (${ctx.organizationId}, ${id}, ${invoiceId}, 1, 4800, 'sandbox', false, 'off_session', ${method?.id}, 'created', ${december})`;
  const look = () => lookUp(asSystem(ctx, db, later(0.01)), id as Id<"payment">);
  await Promise.all([look(), look(), look()]);
  await lookUpPayments(asDesk(later(0.02)));
  expect(await attempts(ctx)).toMatchObject([{ state: "succeeded" }]);
  const [cash] =
    await sql`select sum(amount_cents)::int as cents from ledger_entries where organization_id = ${ctx.organizationId} and account = 'cash'`;
  expect(cash?.cents).toBe(4800);
});

test("billing 22: what was given up and is paid after all counts, told by an event or found by the nightly comparison", async () => {
  for (const find of ["event", "night"] as const) {
    const { ctx, invoiceId } = await invoiced("4242424242424242");
    const url = new URL(await beginPayment(ctx, { invoiceId, returnTo: "/billing" }));
    const page = url.pathname.split("/").at(-1) ?? "";
    const [attempt] =
      await sql`update payments set state = 'canceled' where organization_id = ${ctx.organizationId} returning id`;
    const input = sandboxMethodInput.parse({ number: "4242424242424242", expMonth: "12", expYear: "2040" });
    const { subject } = await enterSandboxMethod(db, page, input, now());
    if (find === "event") {
      await sql`insert into provider_events values ('sandbox', ${page}, 'paid', false, ${sql.json(subject as never)}, now())`;
      await workOffEvent(asDesk(), "sandbox", page);
    } else await reconcile(systemAt(db, now()));
    expect(await attempts(ctx), find).toMatchObject([{ state: "succeeded", amount: 4800 }]);
    expect(await openInvoices(sql, ctx)).toEqual([]);
    expect(attempt?.id).toMatch(/^pay_/);
  }
});

test("billing 24, 25: of many closers one closes, and none while the outcome of an advance's payment is unknown", async () => {
  const ctx = await testCustomer(db, { at: november, card: "4242424242424242" });
  await use(sql, ctx, 60, november);
  await issueAdvances(asDesk(november));
  const [advance] = await openInvoices(sql, ctx);
  if (!advance) throw new Error("No advance was issued.");
  await sql`insert into payments (organization_id, id, invoice_id, attempt, amount_cents, provider, livemode, kind, state, created_at)
    values (${ctx.organizationId}, ${`pay_${"0".repeat(25)}2`}, ${advance.id}, 1, 6000, 'sandbox', false, 'off_session', 'unknown', ${november})`;
  const close = () => closeMonth(asSystem(ctx, db, december), "2026-11-01");
  expect(await close()).toBe("waits");
  await sql`update payments set state = 'failed' where organization_id = ${ctx.organizationId}`;
  expect((await Promise.all([close(), close(), close()])).toSorted()).toEqual(["closed", "waits", "waits"]);
});

test("billing 37, T-5.2-DISP: the disputed part is not asked for, the rest is; part of it is given back by a credit note", async () => {
  const { ctx, invoiceId } = await invoiced("4242424242424242");
  const wanted = {
    invoiceId,
    wants: "credit" as const,
    reason: "These requests were not ours.",
    lines: [{ line: 1, amount: 1000n }],
  };
  const disputeId = await openDispute(ctx, wanted);
  await collect(asSystem(ctx, db, december), invoiceId);
  expect(await attempts(ctx)).toMatchObject([{ state: "succeeded", amount: 3600 }]);
  for (const day of [7, 14, 21]) {
    await dun(asDesk(later(day)));
    await refreshStandings(asDesk(later(day)));
  }
  expect(await stateOf(ctx)).toEqual({ late: false, blocked: false, reason: null });
  expect((await attempts(ctx)).length).toBe(1);
  const decision = {
    organizationId: ctx.organizationId,
    disputeId,
    answer: "Half of them came from your own test key.",
  };
  await decideDispute(asDesk(), { ...decision, outcome: "partly", amount: 500n });
  await expect(decideDispute(asDesk(), { ...decision, outcome: "rejected" })).rejects.toMatchObject({
    problem: "conflict",
  });
  const [invoice] =
    await sql`select state, credited_cents::int as credited, disputed_cents::int as disputed from invoices where id = ${invoiceId}`;
  expect(invoice).toEqual({ state: "open", credited: 600, disputed: 0 });
  await collect(asSystem(ctx, db, later(22)), invoiceId);
  expect((await attempts(ctx)).at(-1)).toMatchObject({ state: "succeeded", amount: 600 });
});

test("billing 38: no more than is left can be disputed or given back, and each line once", async () => {
  const { ctx, invoiceId } = await invoiced();
  const reason = "These requests were not ours.";
  const open = (amount: bigint) =>
    openDispute(ctx, { invoiceId, wants: "credit", reason, lines: [{ line: 1, amount }] });
  await expect(open(4001n)).rejects.toMatchObject({ problem: "invalid" });
  const first = await open(3000n);
  await expect(open(1001n)).rejects.toMatchObject({ problem: "invalid" });
  await open(1000n);
  await withdrawDispute(ctx, { disputeId: first });
  await expect(open(3001n)).rejects.toMatchObject({ problem: "invalid" });
});

test("billing 11, T-5.2-DISP: disputable until the last instant of the 30th day, and the refusal says so", async () => {
  const { ctx, invoiceId } = await invoiced();
  const at = (now: string) =>
    openDispute({ ...ctx, now: new Date(now) } as Context, {
      invoiceId,
      wants: "credit",
      reason: "These requests were not ours.",
      lines: [{ line: 1, amount: 1n }],
    });
  await at("2026-12-31T23:59:59.999Z");
  await expect(at("2027-01-01T00:00:00.000Z")).rejects.toMatchObject({
    code: "dispute_closed",
    message: /31 December 2026/,
  });
});

test("a refund sends back what was credited, never more, and is credit again when it cannot be sent", async () => {
  const { ctx, invoiceId } = await invoiced("4242424242424242");
  await collect(asSystem(ctx, db, december), invoiceId);
  const lines = [{ line: 1, amount: 1000n }];
  const disputeId = await openDispute(ctx, {
    invoiceId,
    wants: "credit",
    reason: "These requests were not ours.",
    lines,
  });
  await decideDispute(asDesk(), {
    organizationId: ctx.organizationId,
    disputeId,
    outcome: "accepted",
    answer: "You are right, sorry.",
  });
  const [payment] = await sql`select id from payments where organization_id = ${ctx.organizationId}`;
  const back = (amount: bigint) =>
    refund(asDesk(), { organizationId: ctx.organizationId, paymentId: payment?.id, amount });
  await expect(back(1201n)).rejects.toMatchObject({ problem: "conflict" });
  await back(1200n);
  await expect(back(1n)).rejects.toMatchObject({ problem: "conflict" });
  expect(await sql`select state from refunds where organization_id = ${ctx.organizationId}`).toMatchObject([
    { state: "succeeded" },
  ]);
});

test("credit is used before a card, what expires first goes first", async () => {
  const { ctx, invoiceId } = await invoiced("4242424242424242");
  const give = (amount: bigint, expiresOn?: string) =>
    grantCredit(asDesk(), { organizationId: ctx.organizationId, amount, kind: "promo", reason: "Welcome", expiresOn });
  await give(3000n);
  await give(2000n, "2026-12-05");
  await collect(asSystem(ctx, db, december), invoiceId);
  expect(await attempts(ctx)).toEqual([]);
  const left =
    await sql`select amount_cents::int as amount, remaining_cents::int as left from credit_grants where organization_id = ${ctx.organizationId} order by amount_cents`;
  expect(left).toEqual([
    { amount: 2000, left: 0 },
    { amount: 3000, left: 200 },
  ]);
});

test("billing 41: issued documents and the ledger refuse every change, for every role", async () => {
  const { ctx, invoiceId } = await invoiced();
  const its = ctx.organizationId;
  await expect(
    sql`update invoices set total_cents = 1, net_cents = 1, tax_cents = 0, due_cents = 1 where id = ${invoiceId}`,
  ).rejects.toThrow(/issued/);
  await expect(sql`delete from invoices where id = ${invoiceId}`).rejects.toThrow(/issued/);
  await expect(sql`update ledger_entries set amount_cents = 1 where organization_id = ${its}`).rejects.toThrow(
    /append-only/,
  );
  await expect(sql`delete from invoice_lines where organization_id = ${its}`).rejects.toThrow(/append-only/);
  await expect(
    sql`insert into ledger_transactions (organization_id, id, kind, key, effective_at, created_by)
      values (${its}, 'ltx_x', 'x', 'x', now(), 'x')`,
  ).rejects.toThrow(/does not balance/);
  await expect(sql`truncate ledger_entries`).rejects.toThrow(/append-only/);
});

test("the books of all of it agree", async () => {
  expect((await verify(asDesk())).filter(({ violations }) => violations > 0)).toEqual([]);
});
