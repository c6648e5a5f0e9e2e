import { and, eq, inArray, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { creditGrants } from "#db/schema/credits.ts";
import { payments, refunds } from "#db/schema/payments.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { cents, formatCents } from "#lib/core/money.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { addCredit } from "#lib/domain/billing/credits/commands.ts";
import { eurosOf } from "#lib/domain/billing/invoices/rules.ts";
import { postEntries } from "#lib/domain/billing/ledger/commands.ts";
import { refunded } from "#lib/domain/billing/ledger/rules.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import type { RefundResult } from "#lib/engine/payments/port.ts";
import { providerOf } from "#lib/engine/payments/providers.ts";
import { refundInput } from "./input.ts";

type Refund = typeof refunds.$inferSelect;

/**
 * Staff send money back that is the customer's: it leaves their credit at once and goes where it came from. If the provider
 * cannot send it, it is credit again.
 */
export const refund = command({
  can: "billing.decide",
  within: "account",
  input: refundInput,
  run: async (ctx, { organizationId, paymentId, amount }): Promise<void> => {
    await requireLook(ctx, organizationId);
    const its = inOrganization(ctx, organizationId);
    await sendRefund(its, await transaction(its, (ctx) => begin(ctx, paymentId, amount)));
  },
});

async function begin(ctx: OrganizationContext, paymentId: Id<"payment">, amount: bigint): Promise<Refund> {
  const { organizationId } = ctx;
  await lockedAccount(ctx);
  const itsPayment = and(eq(payments.organizationId, organizationId), eq(payments.id, paymentId));
  const [payment] = await ctx.db.select().from(payments).where(itsPayment).for("update");
  if (payment?.state !== "succeeded") throw new AppError("conflict", "Only a payment that has come can be sent back.");
  if (!providerOf(payment.provider).capabilities.refunds)
    throw new AppError("conflict", "Send it by bank transfer and record that; this provider cannot send money back.");
  const left = payment.amountCents - payment.refundedCents - payment.chargedBackCents;
  if (amount > left) throw new AppError("conflict", `Of this payment ${formatCents(left)} are left to send back.`);
  await takeCredit(ctx, amount);
  await ctx.db
    .update(payments)
    .set({ refundedCents: payment.refundedCents + amount })
    .where(itsPayment);
  const id = newId("refund", ctx.now);
  const [made] = await ctx.db
    .insert(refunds)
    .values({ organizationId, id, paymentId, amountCents: amount, state: "created", createdAt: ctx.now })
    .returning();
  if (!made) throw new Error("A refund has no row.");
  await postEntries(ctx, { kind: "refund", key: `refund:${id}`, entries: refunded(amount), paymentId });
  await writeAudit(ctx, {
    action: "payment.refund",
    object: { type: "payment", id: paymentId },
    after: { amount: eurosOf(amount) },
    clause: "T-5.2-DISP",
  });
  return made;
}

/** Only what was given back or paid too much can be sent out; what was promised cannot. */
async function takeCredit(ctx: OrganizationContext, amount: bigint): Promise<void> {
  const grants = await ctx.db
    .select()
    .from(creditGrants)
    .where(
      and(
        eq(creditGrants.organizationId, ctx.organizationId),
        inArray(creditGrants.kind, ["refund", "purchased"]),
        sql`${creditGrants.remainingCents} > 0`,
      ),
    )
    .orderBy(creditGrants.createdAt)
    .for("update");
  const available = grants.reduce((sum, { remainingCents }) => sum + remainingCents, 0n);
  if (available < amount)
    throw new AppError(
      "conflict",
      `The customer has ${formatCents(available)} that can be sent back. Credit an invoice first.`,
    );
  let left = amount;
  for (const { id, remainingCents } of grants) {
    const taken = remainingCents < left ? remainingCents : left;
    left -= taken;
    if (taken > 0n)
      await ctx.db
        .update(creditGrants)
        .set({ remainingCents: remainingCents - taken })
        .where(and(eq(creditGrants.organizationId, ctx.organizationId), eq(creditGrants.id, id)));
  }
}

const attemptOf = async (ctx: OrganizationContext, { id, paymentId, amountCents }: Refund) => {
  const [payment] = await ctx.db
    .select()
    .from(payments)
    .where(and(eq(payments.organizationId, ctx.organizationId), eq(payments.id, paymentId)));
  if (!payment?.ref) throw new Error("A refund of a payment without a reference.");
  return {
    provider: providerOf(payment.provider),
    attempt: { id, paymentRef: payment.ref, amount: cents(amountCents) },
  };
};

async function sendRefund(ctx: OrganizationContext, refund: Refund): Promise<void> {
  const { provider, attempt } = await attemptOf(ctx, refund);
  const result = await provider.refund(attempt).catch((error: unknown): RefundResult => {
    logError("payments.refund", error, { refund: refund.id });
    return { kind: "unknown" };
  });
  await settleRefund(ctx, refund.id, result);
}

async function settleRefund(ctx: OrganizationContext, id: Refund["id"], result: RefundResult): Promise<void> {
  await transaction(ctx, async (ctx) => {
    await lockedAccount(ctx);
    const its = and(eq(refunds.organizationId, ctx.organizationId), eq(refunds.id, id));
    const [before] = await ctx.db.select().from(refunds).where(its).for("update");
    if (!before || isDecided(before.state, result.kind)) return;
    await ctx.db
      .update(refunds)
      .set(outcomeOf(result, before, ctx.now))
      .where(its);
    if (result.kind === "failed") await giveUp(ctx, before);
  });
}

/** What a provider's answer makes of a refund. */
const outcomeOf = (result: RefundResult, { ref }: Refund, now: Date) => ({
  state: result.kind,
  ref: "ref" in result ? (result.ref ?? ref) : ref,
  errorCode: result.kind === "failed" ? result.code : null,
  settledAt: result.kind === "succeeded" || result.kind === "failed" ? now : null,
});

/** A bank can send back what had arrived: then it is credit again. Nothing else follows a decided refund. */
const isDecided = (before: Refund["state"], now: RefundResult["kind"]): boolean =>
  before === "failed" || (before === "succeeded" && now !== "failed");

/** What could not be sent back is credit of the customer's again. */
async function giveUp(ctx: OrganizationContext, { id, paymentId, amountCents }: Refund): Promise<void> {
  await addCredit(ctx, { kind: "refund", amount: amountCents, reason: "Could not be sent back" });
  await ctx.db
    .update(payments)
    .set({ refundedCents: sql`${payments.refundedCents} - ${amountCents}` })
    .where(and(eq(payments.organizationId, ctx.organizationId), eq(payments.id, paymentId)));
  await postEntries(ctx, {
    kind: "refund-failed",
    key: `refund-failed:${id}`,
    entries: { cash: amountCents, customer_credit: -amountCents },
    paymentId,
  });
}

/** What became of a refund, by our id or the provider's; false when it is not ours. */
export const lookUpRefund = part(
  async (ctx: AccountContext, refundId: string | null, ref: string): Promise<boolean> => {
    const [found] = await ctx.db
      .select()
      .from(refunds)
      .where(or(eq(refunds.ref, ref), refundId ? eq(refunds.id, refundId as Refund["id"]) : undefined))
      .limit(1);
    if (!found) return false;
    await lookUpOne(inOrganization(ctx, found.organizationId), found);
    return true;
  },
);

async function lookUpOne(ctx: OrganizationContext, refund: Refund): Promise<void> {
  const { provider, attempt } = await attemptOf(ctx, refund);
  const result = await provider.lookupRefund(attempt);
  if (result === "not_found") await sendRefund(ctx, refund);
  else await settleRefund(ctx, refund.id, result);
}

/** Finds out what became of refunds whose outcome is open; returns how many were looked at. */
export const lookUpRefunds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const open = await ctx.db
      .select()
      .from(refunds)
      .where(
        and(
          inArray(refunds.state, ["created", "unknown", "processing"]),
          sql`${refunds.createdAt} < ${ctx.now}::timestamptz - interval '1 minute'`,
        ),
      )
      .limit(200);
    for (const refund of open)
      await lookUpOne(inOrganization(ctx, refund.organizationId), refund).catch((error: unknown) =>
        logError("payments.look-up-refunds", error, { refund: refund.id }),
      );
    return open.length;
  },
});
