import { afterAll, afterEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { decideDispute, openDispute } from "#lib/domain/billing/disputes/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { lookUpRefunds, refund } from "#lib/domain/payments/refunds/commands.ts";
import { type Debtor, Debtors } from "#lib/testing/debtors.ts";
import {
  decideDispute as decideChargeback,
  failRefund,
  openDispute as openChargeback,
} from "#lib/testing/stripe/refunds.ts";

const { db, sql } = await testDatabase();
const debtors = await Debtors.open(db, sql);
const { standIn } = debtors;
afterAll(() => standIn.close());
afterEach(() => {
  standIn.faults.clear();
  expect(standIn.books.violations).toEqual([]);
});

/** All of the invoice is given back, as credit of the customer's where it was paid. */
async function giveBack({ ctx, invoiceId }: Debtor): Promise<void> {
  const disputeId = await openDispute({ ...ctx, now: debtors.now() } as Context, {
    invoiceId,
    wants: "credit",
    reason: "These requests were not ours.",
    lines: [{ line: 1, amount: 5000n }],
  });
  const { organizationId } = ctx;
  await decideDispute(debtors.house(), { organizationId, disputeId, outcome: "accepted", answer: "You are right." });
}

const balances = async ({ ctx }: Debtor) => {
  const rows = await sql`select account, sum(amount_cents)::int as cents from ledger_entries
    where organization_id = ${ctx.organizationId} group by account having sum(amount_cents) <> 0`;
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]));
};
const stateOf = async ({ invoiceId }: Debtor) => {
  const [row] =
    await sql`select state, paid_cents::int as paid, credited_cents::int as credited from invoices where id = ${invoiceId}`;
  return row;
};
const refunds = ({ ctx }: Debtor) => sql`select state from refunds where organization_id = ${ctx.organizationId}`;

test("a payment that is charged back after its invoice was credited is a loss, not a debt; won, it is none", async () => {
  for (const end of ["lost", "won"] as const) {
    const debtor = await debtors.paid();
    await giveBack(debtor);
    const { id } = openChargeback(standIn.books, debtor.ref);
    await debtors.deliver({ twice: true });
    expect(await stateOf(debtor), end).toEqual({ state: "void", paid: 0, credited: 6000 });
    expect(await balances(debtor), end).toEqual({ customer_credit: -6000, chargeback: 6000 });
    decideChargeback(standIn.books, id, end);
    await debtors.deliver({ twice: true });
    const held = { customer_credit: -6000 };
    expect(await balances(debtor), end).toEqual(
      end === "lost" ? { ...held, chargeback: 6000 } : { ...held, cash: 6000 },
    );
  }
});

test("a chargeback waits until a refund of the same payment is decided, and takes what is left of it", async () => {
  // Its answer was lost, or it was never sent.
  for (const [kind, times] of [
    ["error_after", 1],
    ["drop_before", 2],
  ] as const) {
    const debtor = await debtors.paid();
    await giveBack(debtor);
    const { paymentId, ref, ctx } = debtor;
    standIn.faults.plan({ on: "POST /v1/refunds", kind, times });
    await refund(debtors.house(), { organizationId: ctx.organizationId, paymentId, amount: 1000n });
    expect(await refunds(debtor)).toEqual([{ state: "unknown" }]);
    // What was told of it is late.
    standIn.webhooks.take();
    openChargeback(standIn.books, ref).amount = 5000;
    await expect(debtors.deliver()).rejects.toThrow("refund of this payment is not known yet");
    expect(await debtors.cashOf(debtor)).toBe(5000);
    standIn.books.advance(120_000);
    await lookUpRefunds(debtors.house());
    await debtors.deliver();
    const isSent = kind === "error_after";
    expect(await refunds(debtor)).toEqual([{ state: isSent ? "succeeded" : "failed" }]);
    expect(await debtors.cashOf(debtor), kind).toBe(isSent ? 0 : 1000);
  }
});

test("a refund that had arrived and bounces is credit of the customer's again, once, and money of the house", async () => {
  const debtor = await debtors.paid();
  await giveBack(debtor);
  const { paymentId, ctx } = debtor;
  await refund(debtors.house(), { organizationId: ctx.organizationId, paymentId, amount: 6000n });
  await debtors.deliver();
  expect(await balances(debtor)).toEqual({});
  const [sent] = await sql`select ref from refunds where organization_id = ${ctx.organizationId}`;
  failRefund(standIn.books, sent?.ref);
  await debtors.deliver({ twice: true });
  expect(await refunds(debtor)).toEqual([{ state: "failed" }]);
  expect(await balances(debtor)).toEqual({ cash: 6000, customer_credit: -6000 });
  // It can be sent again.
  await refund(debtors.house(), { organizationId: ctx.organizationId, paymentId, amount: 6000n });
  expect(await balances(debtor)).toEqual({});
});

test("the books of all of it agree", async () => {
  expect((await verify(debtors.house())).filter(({ violations }) => violations > 0)).toEqual([]);
});
