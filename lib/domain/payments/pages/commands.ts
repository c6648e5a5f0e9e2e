import { and, eq, inArray } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { billingAccounts } from "#db/schema/billing.ts";
import { hostedPages, payments } from "#db/schema/payments.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { spendCredit } from "#lib/domain/billing/credits/commands.ts";
import { lockedInvoice } from "#lib/domain/billing/invoices/commands.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import { addAttempt, customerOf, liveAttempt, settle } from "#lib/domain/payments/attempts/commands.ts";
import { attemptOf } from "#lib/domain/payments/attempts/queries.ts";
import { changeOf } from "#lib/domain/payments/attempts/rules.ts";
import type { Payment } from "#lib/domain/payments/attempts/view.ts";
import { keepMethod } from "#lib/domain/payments/methods/commands.ts";
import { providerFor, providerOf } from "#lib/engine/payments/providers.ts";
import { beginSetupInput, payInput } from "./input.ts";
import { type HostedPageRow, hostedPage, openPages } from "./queries.ts";

/** Sends a person to a page of the provider's to enter a card or mandate; returns its address. */
export const beginSetup = command({
  can: "billing.write",
  within: "organization",
  input: beginSetupInput,
  run: async (ctx, { returnTo }): Promise<string> => {
    const account = await transaction(ctx, rebind);
    const provider = providerOf(account.provider);
    if (!provider.capabilities.hostedSetup)
      throw new AppError("conflict", "Invoices are paid by bank transfer here; there is no payment method to add.");
    const customerRef = await customerOf(ctx);
    const id = await openPage(ctx, { kind: "setup", provider: account.provider });
    const page = await provider.beginSetup({ id, customerRef, returnUrl: returnUrl(id, returnTo) });
    return opened(ctx, id, page);
  },
});

/** An account without a payment method goes to the provider that is configured now. */
async function rebind(ctx: OrganizationContext): Promise<Account> {
  const account = await lockedAccount(ctx);
  const now = providerOf(providerFor());
  if (account.provider === now.id && account.livemode === now.livemode) return account;
  const collection: Account["collection"] = now.capabilities.offSession ? "auto" : "send_invoice";
  const bound = { provider: now.id, livemode: now.livemode, customerRef: null, collection };
  await ctx.db.update(billingAccounts).set(bound).where(eq(billingAccounts.organizationId, ctx.organizationId));
  return { ...account, ...bound };
}

/** Sends a person to a page of the provider's to pay an invoice by hand. */
export const beginPayment = command({
  can: "billing.write",
  within: "organization",
  input: payInput,
  run: async (ctx, { invoiceId, returnTo }): Promise<string> => {
    await closeLive(ctx, invoiceId);
    const attempt = await transaction(ctx, async (ctx) => {
      const account = await lockedAccount(ctx);
      const provider = providerOf(account.provider);
      if (!provider.capabilities.hostedSetup)
        throw new AppError("conflict", "This invoice is paid by bank transfer; its PDF says where to.");
      const invoice = await spendCredit(ctx, await lockedInvoice(ctx, invoiceId));
      const amount = collectibleOf(invoice);
      if (amount === 0n) throw new AppError("conflict", `Nothing of ${invoice.number} is left to pay.`);
      if (await liveAttempt(ctx, invoiceId)) throw new AppError("conflict", underWay);
      return addAttempt(ctx, account, invoice, { kind: "hosted", amount });
    });
    const customerRef = await customerOf(ctx);
    const id = await openPage(ctx, { kind: "payment", provider: attempt.provider, paymentId: attempt.id });
    const page = await providerOf(attempt.provider).beginPayment(
      await attemptOf(ctx, attempt, customerRef),
      returnUrl(id, returnTo),
    );
    await ctx.db
      .update(payments)
      .set({ actionUrl: page.redirectUrl, askedAt: ctx.now, ref: page.ref })
      .where(and(eq(payments.organizationId, ctx.organizationId), eq(payments.id, attempt.id)));
    return opened(ctx, id, page);
  },
});

const underWay = "A payment of this invoice is under way. Wait until its outcome is known.";

/** An earlier attempt that waits for a person is given up before the next; one whose money may be on its way is not. */
async function closeLive(ctx: OrganizationContext, invoiceId: Id<"invoice">): Promise<void> {
  const live = await liveAttempt(ctx, invoiceId);
  if (!live) return;
  if (live.kind !== "hosted" && live.state !== "requires_action") throw new AppError("conflict", underWay);
  const attempt = await attemptOf(ctx, live, await customerOf(ctx));
  const provider = providerOf(live.provider);
  const page = live.kind === "hosted" && live.ref ? await provider.expirePage(live.ref) : undefined;
  if (page?.state === "complete") throw new AppError("conflict", underWay);
  await settle(ctx, live.id, page ? { state: "canceled" } : changeOf(await provider.cancel(attempt)));
}

async function openPage(
  ctx: OrganizationContext,
  row: { kind: HostedPageRow["kind"]; provider: Payment["provider"]; paymentId?: Id<"payment"> },
): Promise<Id<"hostedPage">> {
  const id = newId("hostedPage", ctx.now);
  await ctx.db.insert(hostedPages).values({
    organizationId: ctx.organizationId,
    id,
    ...row,
    state: "open",
    createdBy: ctx.actor.id,
    createdAt: ctx.now,
  });
  return id;
}

const returnUrl = (id: Id<"hostedPage">, path: string): string =>
  publicLink(`${path}${path.includes("?") ? "&" : "?"}page=${id}`);

async function opened(
  ctx: OrganizationContext,
  id: Id<"hostedPage">,
  { ref, redirectUrl, expiresAt }: { ref: string; redirectUrl: string; expiresAt: Date },
): Promise<string> {
  await ctx.db
    .update(hostedPages)
    .set({ ref, url: redirectUrl, expiresAt })
    .where(and(eq(hostedPages.organizationId, ctx.organizationId), eq(hostedPages.id, id)));
  return redirectUrl;
}

/** What a person did on a page, asked of the provider: when they come back, when it tells, and by the clock. */
export const completePage = command({
  can: "billing.write",
  within: "organization",
  run: async (ctx, id: Id<"hostedPage">): Promise<HostedPageRow["state"]> => {
    const page = await hostedPage(ctx, id);
    if (!page?.ref || page.state !== "open") return page?.state ?? "expired";
    const { state, methodRef } = await providerOf(page.provider).pageState(page.ref);
    if (state === "open") return state;
    if (page.kind === "setup" && state === "complete" && methodRef) await keepMethod(ctx, page.provider, methodRef);
    if (page.kind === "payment" && page.paymentId) await finishPayment(ctx, page.paymentId, state);
    await ctx.db
      .update(hostedPages)
      .set({ state })
      .where(
        and(
          eq(hostedPages.organizationId, ctx.organizationId),
          eq(hostedPages.id, id),
          inArray(hostedPages.state, ["open"]),
        ),
      );
    return state;
  },
});

async function finishPayment(
  ctx: OrganizationContext,
  id: Id<"payment">,
  state: "complete" | "expired",
): Promise<void> {
  if (state === "expired") return settle(ctx, id, { state: "canceled" });
  const [found] = await ctx.db
    .select()
    .from(payments)
    .where(and(eq(payments.organizationId, ctx.organizationId), eq(payments.id, id)));
  if (!found) return;
  const result = await providerOf(found.provider).lookup(await attemptOf(ctx, found, await customerOf(ctx)));
  if (result === "not_found") return;
  await settle(ctx, id, changeOf(result));
  await writeAudit(ctx, {
    action: "payment.begin",
    object: { type: "payment", id },
    after: { state: result.kind },
    clause: "T-5.2-BILL",
  });
}

/** Asks about pages that people left without coming back; returns how many were looked at. */
export const sweepPages = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const open = await openPages(ctx);
    for (const { organizationId, id } of open)
      await completePage(inOrganization(ctx, organizationId), id).catch((error: unknown) =>
        logError("payments.sweep-pages", error, { page: id }),
      );
    return open.length;
  },
});
