import { and, eq, inArray, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { chargebacks, paymentMethods, payments, refunds } from "#db/schema/payments.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { addCredit } from "#lib/domain/billing/credits/commands.ts";
import { refreshStanding } from "#lib/domain/billing/dunning/commands.ts";
import { lockedInvoice, tally } from "#lib/domain/billing/invoices/commands.ts";
import { collectibleOf, eurosOf, openOf } from "#lib/domain/billing/invoices/rules.ts";
import { postEntries } from "#lib/domain/billing/ledger/commands.ts";
import { chargebackWon, chargedBack } from "#lib/domain/billing/ledger/rules.ts";
import { lookUp } from "#lib/domain/payments/attempts/commands.ts";
import type { Payment } from "#lib/domain/payments/attempts/view.ts";
import type { Chargeback, ProviderId } from "#lib/engine/payments/port.ts";
import { providerOf } from "#lib/engine/payments/providers.ts";

/**
 * A bank took a payment back, or gave it back after all: the debt opens again, once, and the method is not charged by itself
 * any more. False when the payment is not ours.
 */
export const noteChargeback = part(async (ctx: AccountContext, provider: ProviderId, ref: string): Promise<boolean> => {
  const found = await providerOf(provider).chargeback(ref);
  if (!found) return false;
  const [payment] = await ctx.db
    .select()
    .from(payments)
    .where(and(eq(payments.provider, provider), eq(payments.ref, found.paymentRef)));
  if (!payment) return false;
  const its = inOrganization(ctx, payment.organizationId);
  // The money came before it could be taken back; its event may have been later than this one.
  await lookUp(its, payment.id);
  await transaction(its, (ctx) => keep(ctx, payment.id, found));
  return true;
});

async function keep(
  ctx: OrganizationContext,
  paymentId: (typeof payments.$inferSelect)["id"],
  found: Chargeback,
): Promise<void> {
  const { organizationId } = ctx;
  await lockedAccount(ctx);
  const its = and(eq(payments.organizationId, organizationId), eq(payments.id, paymentId));
  const [payment] = await ctx.db.select().from(payments).where(its).for("update");
  if (payment?.state !== "succeeded") throw new Error("A chargeback of a payment that has not come.");
  await refuseWhileRefunding(ctx, paymentId);
  const isOver = found.state === "won" || found.state === "lost";
  const row = { state: found.state, closedAt: isOver ? ctx.now : null };
  const [before] = await ctx.db.select().from(chargebacks).where(eq(chargebacks.ref, found.ref)).for("update");
  if (!before) await takeBack(ctx, payment, found);
  const [kept] = before ? [before] : await ctx.db.select().from(chargebacks).where(eq(chargebacks.ref, found.ref));
  if (!kept || before?.closedAt) return;
  await ctx.db.update(chargebacks).set(row).where(eq(chargebacks.ref, found.ref));
  if (found.state === "won") await giveBack(ctx, kept);
  await refreshStanding(ctx);
}

/** The first word of a chargeback: the money is gone, the debt is open again, and the method is left alone. */
async function takeBack(ctx: OrganizationContext, payment: Payment, found: Chargeback): Promise<void> {
  const { organizationId } = ctx;
  const invoice = await lockedInvoice(ctx, payment.invoiceId);
  const left = payment.amountCents - payment.refundedCents - payment.chargedBackCents;
  const amount = found.amount < left ? found.amount : left;
  await ctx.db.insert(chargebacks).values({
    organizationId,
    id: newId("chargeback", ctx.now),
    ref: found.ref,
    paymentId: payment.id,
    amountCents: amount,
    createdAt: ctx.now,
    state: found.state === "won" ? "under_review" : found.state,
  });
  await ctx.db
    .update(payments)
    .set({ chargedBackCents: payment.chargedBackCents + amount })
    .where(and(eq(payments.organizationId, organizationId), eq(payments.id, payment.id)));
  if (payment.methodId)
    await ctx.db
      .update(paymentMethods)
      .set({ frozenAt: ctx.now })
      .where(and(eq(paymentMethods.organizationId, organizationId), eq(paymentMethods.id, payment.methodId)));
  const toInvoice = amount < invoice.paidCents ? amount : invoice.paidCents;
  // What was credited or paid too much is credit of the customer's by now; that part is the provider's loss.
  const reopened = openOf({ ...invoice, paidCents: invoice.paidCents - toInvoice }) - openOf(invoice);
  await postEntries(ctx, {
    kind: "chargeback",
    key: `chargeback:${found.ref}`,
    entries: chargedBack(amount, reopened),
    invoiceId: invoice.id,
    paymentId: payment.id,
  });
  await tally(ctx, invoice, { paidCents: -toInvoice });
  await writeAudit(ctx, {
    action: "chargeback.note",
    object: { type: "invoice", id: invoice.id },
    after: { number: invoice.number, amount: eurosOf(amount), state: found.state },
    clause: "T-5.2-BILL",
  });
}

/** How much of a payment is left to take back is known when its refunds are decided; the event comes again until then. */
async function refuseWhileRefunding(ctx: OrganizationContext, paymentId: Id<"payment">): Promise<void> {
  const [open] = await ctx.db
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(
        eq(refunds.organizationId, ctx.organizationId),
        eq(refunds.paymentId, paymentId),
        inArray(refunds.state, ["created", "unknown", "processing"]),
      ),
    );
  if (open) throw new AppError("unavailable", "The outcome of a refund of this payment is not known yet.");
}

/** The bank decided for us: the money is back. What was paid again in the meantime is credit of the customer's. */
async function giveBack(
  ctx: OrganizationContext,
  { paymentId, amountCents, ref }: typeof chargebacks.$inferSelect,
): Promise<void> {
  const its = and(eq(payments.organizationId, ctx.organizationId), eq(payments.id, paymentId));
  const [payment] = await ctx.db.select().from(payments).where(its);
  if (!payment) return;
  await ctx.db
    .update(payments)
    .set({ chargedBackCents: payment.chargedBackCents - amountCents })
    .where(its);
  const invoice = await lockedInvoice(ctx, payment.invoiceId);
  const reopened = await reopenedBy(ctx, ref);
  const collectible = collectibleOf(invoice);
  const toInvoice = reopened < collectible ? reopened : collectible;
  await postEntries(ctx, {
    kind: "chargeback-won",
    key: `chargeback-won:${ref}`,
    entries: chargebackWon(amountCents, reopened, toInvoice),
    invoiceId: invoice.id,
    paymentId,
  });
  if (reopened > toInvoice)
    await addCredit(ctx, {
      kind: "refund",
      amount: reopened - toInvoice,
      reason: `Paid more than ${invoice.number} owed`,
    });
  await tally(ctx, invoice, { paidCents: toInvoice });
}

/** What of its invoice a chargeback had made open again. */
async function reopenedBy(ctx: OrganizationContext, ref: string): Promise<bigint> {
  const [entry] = await ctx.db.execute<{ cents: string }>(sql`
    select amount_cents::text as cents from ledger_entries as entry join ledger_transactions as posted
      on posted.organization_id = entry.organization_id and posted.id = entry.transaction_id
    where posted.organization_id = ${ctx.organizationId} and posted.key = ${`chargeback:${ref}`} and account = 'receivable'`);
  return BigInt(entry?.cents ?? 0);
}
