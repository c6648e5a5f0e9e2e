import { and, eq, inArray, max } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { billingAccounts } from "#db/schema/billing.ts";
import { paymentMethods, payments } from "#db/schema/payments.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { log, logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { billingAccount, lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { spendCredit } from "#lib/domain/billing/credits/commands.ts";
import { refreshStanding } from "#lib/domain/billing/dunning/commands.ts";
import { confirmPaymentLetter, paymentFailedLetter } from "#lib/domain/billing/dunning/letters.ts";
import { nextStepAt } from "#lib/domain/billing/dunning/rules.ts";
import { lockedInvoice } from "#lib/domain/billing/invoices/commands.ts";
import { collectibleOf, eurosOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import { receive } from "#lib/domain/billing/settlement/commands.ts";
import type { PaymentMethod } from "#lib/domain/payments/methods/view.ts";
import type { ChargeResult } from "#lib/engine/payments/port.ts";
import { providerOf } from "#lib/engine/payments/providers.ts";
import { attemptOf, openAttempts, payment } from "./queries.ts";
import { type Change, changeOf, failureWords, goesOn, isLive, liveStates, mayStillBeSent } from "./rules.ts";
import type { Payment } from "./view.ts";

/**
 * Collects what is due of an invoice from the organization's payment method: credit first, then one attempt, whose id
 * is its idempotency key. Nothing happens while another attempt is under way.
 */
export const collect = command({
  can: "billing.write",
  within: "organization",
  run: async (ctx, invoiceId: Id<"invoice">): Promise<"charged" | "asked" | "nothing"> => {
    const begun = await begin(ctx, invoiceId);
    if (begun === null) return "nothing";
    if (begun === "no_method") return "asked";
    await send(ctx, begun);
    return "charged";
  },
});

/** The first half: the attempt is in the database before anyone is asked for money. */
const begin = (ctx: OrganizationContext, invoiceId: Id<"invoice">): Promise<Payment | "no_method" | null> =>
  transaction(ctx, async (ctx) => {
    const account = await lockedAccount(ctx);
    const invoice = await spendCredit(ctx, await lockedInvoice(ctx, invoiceId));
    const amount = collectibleOf(invoice);
    const provider = providerOf(account.provider);
    if (amount === 0n || invoice.collection !== "auto" || !provider.capabilities.offSession) return null;
    if (await liveAttempt(ctx, invoiceId)) return null;
    const method = await chargeable(ctx);
    if (!method) return "no_method";
    if (amount < provider.minimumCharge) return null;
    return addAttempt(ctx, account, invoice, { kind: "off_session", amount, methodId: method.id });
  });

/** The attempt of an invoice that is under way, if one is. */
export const liveAttempt = part(
  async (ctx: OrganizationContext, invoiceId: Id<"invoice">): Promise<Payment | undefined> => {
    const [live] = await ctx.db
      .select()
      .from(payments)
      .where(
        and(
          eq(payments.organizationId, ctx.organizationId),
          eq(payments.invoiceId, invoiceId),
          inArray(payments.state, [...liveStates]),
        ),
      );
    return live;
  },
);

/** The chosen method, unless a chargeback froze it. */
export const chargeable = part(async (ctx: OrganizationContext): Promise<PaymentMethod | undefined> => {
  const [method] = await ctx.db
    .select()
    .from(paymentMethods)
    .where(and(eq(paymentMethods.organizationId, ctx.organizationId), paymentMethods.isDefault));
  return method && !method.frozenAt ? method : undefined;
});

type Wanted = { kind: Payment["kind"]; amount: bigint; methodId?: Id<"paymentMethod"> };

/** One more attempt; the database allows one that is under way. */
export const addAttempt = part(
  async (
    ctx: OrganizationContext,
    account: Account,
    invoice: Invoice,
    { kind, amount, methodId }: Wanted,
  ): Promise<Payment> => {
    const [last] = await ctx.db
      .select({ attempt: max(payments.attempt) })
      .from(payments)
      .where(and(eq(payments.organizationId, ctx.organizationId), eq(payments.invoiceId, invoice.id)));
    const [added] = await ctx.db
      .insert(payments)
      .values({
        organizationId: ctx.organizationId,
        id: newId("payment", ctx.now),
        invoiceId: invoice.id,
        attempt: (last?.attempt ?? 0) + 1,
        amountCents: amount,
        provider: account.provider,
        livemode: account.livemode,
        kind,
        methodId: methodId ?? null,
        state: "created",
        createdAt: ctx.now,
      })
      .returning();
    if (!added) throw new Error("An attempt has no row.");
    return added;
  },
);

/** Asks the provider to move the money, and keeps what it answers. A crash in between leaves an attempt to look up. */
async function send(ctx: OrganizationContext, attempt: Payment): Promise<void> {
  const customerRef = await customerOf(ctx);
  await asked(ctx, attempt);
  const result = await providerOf(attempt.provider)
    .charge(await attemptOf(ctx, attempt, customerRef))
    .catch((error: unknown): ChargeResult => {
      logError("payments.charge", error, { payment: attempt.id });
      return { kind: "unknown" };
    });
  await settle(ctx, attempt.id, changeOf(result));
}

const its = ({ organizationId }: OrganizationContext, id: Id<"payment">) =>
  and(eq(payments.organizationId, organizationId), eq(payments.id, id));

const asked = (ctx: OrganizationContext, { id, asks }: Payment) =>
  ctx.db
    .update(payments)
    .set({ askedAt: ctx.now, asks: asks + 1 })
    .where(its(ctx, id));

/** The customer at the account's provider, made there when it is needed first. */
export const customerOf = part(async (ctx: OrganizationContext): Promise<string> => {
  const account = await billingAccount(ctx);
  if (!account) throw new AppError("not_found", "This organization has no billing account yet.");
  if (account.customerRef) return account.customerRef;
  const [reader] = await billingReaders(ctx);
  const { ref } = await providerOf(account.provider).ensureCustomer({
    organizationId: ctx.organizationId,
    name: account.name,
    email: reader?.email ?? "",
    country: account.address.country || null,
    ref: account.customerRef,
  });
  await ctx.db
    .update(billingAccounts)
    .set({ customerRef: ref })
    .where(eq(billingAccounts.organizationId, ctx.organizationId));
  return ref;
});

/**
 * Moves an attempt on, in one transaction with all that follows: the books, the invoice, letters and webhooks. Whatever
 * came before, late or twice changes nothing.
 */
export const settle = part(async (ctx: OrganizationContext, id: Id<"payment">, change: Change): Promise<void> => {
  await transaction(ctx, async (ctx) => {
    await lockedAccount(ctx);
    const before = await payment(ctx, id);
    if (!goesOn(before.state, change.state)) return;
    const isOver = !isLive(change.state);
    const [after] = await ctx.db
      .update(payments)
      .set({ ...change, ref: change.ref ?? before.ref, settledAt: isOver ? ctx.now : null })
      .where(its(ctx, id))
      .returning();
    if (after) await follow(ctx, after, await lockedInvoice(ctx, after.invoiceId));
  });
});

/** What comes of an attempt's new state. */
async function follow(ctx: OrganizationContext, payment: Payment, invoice: Invoice): Promise<void> {
  if (payment.state === "succeeded") await succeed(ctx, payment, invoice);
  if (payment.state === "failed") await fail(ctx, payment, invoice);
  if (payment.state === "requires_action" && payment.kind === "off_session") await askFor(ctx, payment, invoice);
}

const eventOf = (payment: Payment, { id, number }: Invoice) => ({
  invoice_id: id,
  number,
  payment_id: payment.id,
  amount_eur: eurosOf(payment.amountCents),
  reason: payment.errorCode,
});

async function succeed(ctx: OrganizationContext, payment: Payment, invoice: Invoice): Promise<void> {
  await receive(ctx, invoice, { amount: payment.amountCents, paymentId: payment.id });
  if (invoice.kind === "advance") await publishWebhookEvent(ctx, "advance.charged", eventOf(payment, invoice));
  await writeAudit(ctx, {
    action: "payment.settle",
    object: { type: "invoice", id: invoice.id },
    after: { number: invoice.number, amount: eurosOf(payment.amountCents) },
    clause: "T-5.2-BILL",
  });
}

async function fail(ctx: OrganizationContext, payment: Payment, invoice: Invoice): Promise<void> {
  await publishWebhookEvent(ctx, "invoice.payment_failed", eventOf(payment, invoice));
  await writeAudit(ctx, {
    action: "payment.fail",
    object: { type: "invoice", id: invoice.id },
    after: { number: invoice.number, code: payment.errorCode },
    clause: "T-5.2-BILL",
  });
  const tries = payment.advice === "retry_later" && invoice.dueAt ? nextStepAt(invoice.dueAt, [0]) : null;
  const nextTry = tries && tries > ctx.now ? tries : null;
  const about = { ctx, number: invoice.number, amount: payment.amountCents };
  const why = `${failureWords(payment.errorCode)}.`;
  for (const to of await billingReaders(ctx)) await post(ctx, paymentFailedLetter({ ...about, to, why, nextTry }));
  await refreshStanding(ctx);
}

async function askFor(ctx: OrganizationContext, payment: Payment, invoice: Invoice): Promise<void> {
  const about = { ctx, number: invoice.number, amount: payment.amountCents };
  for (const to of await billingReaders(ctx)) await post(ctx, confirmPaymentLetter({ ...about, to }));
  await refreshStanding(ctx);
}

/** Finds out what became of attempts whose outcome is open; returns how many were looked at. */
export const lookUpPayments = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const open = await openAttempts(ctx);
    for (const { organizationId, id } of open) {
      await lookUp(inOrganization(ctx, organizationId), id).catch((error: unknown) =>
        logError("payments.look-up", error, { payment: id }),
      );
    }
    return open.length;
  },
});

/**
 * Asks the provider what became of an attempt. One it never heard of is sent now, under the same key; one too old for that
 * is over. It is never sent again as something new.
 */
export const lookUp = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: Id<"payment">): Promise<void> => {
    const found = await payment(ctx, id);
    // Money that came stays. One that failed or was given up can still turn out to be paid.
    if (found.state === "succeeded") return;
    const attempt = await attemptOf(ctx, found, await customerOf(ctx));
    await asked(ctx, found);
    const result = await providerOf(found.provider).lookup(attempt);
    if (result !== "not_found") return settle(ctx, id, changeOf(result));
    if (!isLive(found.state)) return;
    const isFresh = mayStillBeSent(found.createdAt, ctx.now);
    if (found.kind === "off_session" && isFresh) return send(ctx, found);
    // A page on which nothing was paid yet.
    if (found.kind === "hosted") return isFresh ? undefined : settle(ctx, id, { state: "canceled" });
    log("payments.never-sent", { payment: id });
    return settle(ctx, id, { state: "failed", errorCode: "not_sent", advice: "retry_later" });
  },
});
