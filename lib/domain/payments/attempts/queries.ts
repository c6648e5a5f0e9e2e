import { and, desc, eq, inArray, isNull, lte, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoices } from "#db/schema/billing.ts";
import { paymentMethods, payments } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { cents } from "#lib/core/money.ts";
import type { Attempt } from "#lib/engine/payments/port.ts";
import { liveStates, nextLookAt } from "./rules.ts";
import type { Payment } from "./view.ts";

/** An attempt of this organization; it must be there. */
export async function payment(ctx: OrganizationContext, id: Id<"payment">): Promise<Payment> {
  authorize(ctx.actor, "billing.read");
  const [found] = await ctx.db
    .select()
    .from(payments)
    .where(and(eq(payments.organizationId, ctx.organizationId), eq(payments.id, id)));
  if (!found) throw new AppError("not_found", "There is no such payment.");
  return found;
}

/** Every attempt to collect an invoice, newest first. */
export async function paymentsOf(ctx: OrganizationContext, invoiceId: Id<"invoice">): Promise<Payment[]> {
  authorize(ctx.actor, "billing.read");
  return ctx.db
    .select()
    .from(payments)
    .where(and(eq(payments.organizationId, ctx.organizationId), eq(payments.invoiceId, invoiceId)))
    .orderBy(desc(payments.attempt));
}

/** Whether the last attempt to collect anything failed. */
export async function lastPaymentFailed(ctx: OrganizationContext): Promise<boolean> {
  authorize(ctx.actor, "billing.read");
  const [last] = await ctx.db
    .select({ state: payments.state })
    .from(payments)
    .where(eq(payments.organizationId, ctx.organizationId))
    .orderBy(desc(payments.createdAt), desc(payments.id))
    .limit(1);
  return last?.state === "failed";
}

/** What a provider is told of an attempt. */
export async function attemptOf(ctx: OrganizationContext, payment: Payment, customerRef: string): Promise<Attempt> {
  authorize(ctx.actor, "billing.read");
  const [invoice] = await ctx.db
    .select({ number: invoices.number })
    .from(invoices)
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, payment.invoiceId)));
  const [method] = payment.methodId
    ? await ctx.db
        .select({ ref: paymentMethods.ref })
        .from(paymentMethods)
        .where(and(eq(paymentMethods.organizationId, ctx.organizationId), eq(paymentMethods.id, payment.methodId)))
    : [];
  return {
    id: payment.id,
    organizationId: ctx.organizationId,
    customerRef,
    methodRef: method?.ref ?? null,
    amount: cents(payment.amountCents),
    invoiceNumber: invoice?.number ?? "",
    ref: payment.ref,
    createdAt: payment.createdAt,
  };
}

/** Attempts whose outcome is open and that should be looked at: never asked, without an answer, or on their way for long. */
export async function openAttempts(ctx: AccountContext): Promise<Pick<Payment, "organizationId" | "id">[]> {
  authorize(ctx.actor, "system.operate");
  const found = await ctx.db
    .select({
      organizationId: payments.organizationId,
      id: payments.id,
      asks: payments.asks,
      askedAt: payments.askedAt,
    })
    .from(payments)
    .where(
      and(
        inArray(payments.state, [...liveStates]),
        sql`${payments.kind} <> 'transfer'`,
        or(isNull(payments.askedAt), lte(payments.askedAt, addMinutes(ctx.now, -1))),
      ),
    )
    .orderBy(payments.createdAt)
    .limit(500);
  return found.filter(({ asks, askedAt }) => !askedAt || ctx.now >= nextLookAt(asks, askedAt));
}

/** The payment a provider speaks of, whichever organization's it is: by our id, or by its reference. */
export async function paymentByRef(
  ctx: AccountContext,
  provider: Payment["provider"],
  { ref, attemptId }: { ref: string; attemptId: string | null },
): Promise<Pick<Payment, "organizationId" | "id"> | null> {
  authorize(ctx.actor, "system.operate");
  const [found = null] = await ctx.db
    .select({ organizationId: payments.organizationId, id: payments.id })
    .from(payments)
    .where(
      and(
        eq(payments.provider, provider),
        or(eq(payments.ref, ref), attemptId ? eq(payments.id, attemptId as Id<"payment">) : undefined),
      ),
    )
    .limit(1);
  return found;
}
