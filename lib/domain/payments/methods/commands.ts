import { and, eq, isNull, lte, ne } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { invoices } from "#db/schema/billing.ts";
import { paymentMethods } from "#db/schema/payments.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { logError } from "#lib/core/log.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { collectInvoice } from "#lib/domain/billing/documents/rules.ts";
import type { ProviderId } from "#lib/engine/payments/port.ts";
import { providerOf } from "#lib/engine/payments/providers.ts";
import { methodInput } from "./input.ts";
import { methodWords } from "./rules.ts";

const its = ({ organizationId }: OrganizationContext, id: Id<"paymentMethod">) =>
  and(eq(paymentMethods.organizationId, organizationId), eq(paymentMethods.id, id));

/** Keeps a method a person entered on the provider's page, once; the newest is the one that is charged. */
export const keepMethod = part(async (ctx: OrganizationContext, provider: ProviderId, ref: string): Promise<void> => {
  const method = await providerOf(provider).method(ref);
  if (!method) return;
  await transaction(ctx, async (ctx) => {
    await lockedAccount(ctx);
    const id = newId("paymentMethod", ctx.now);
    const { type, brand, last4, expMonth, expYear } = method;
    const [kept] = await ctx.db
      .insert(paymentMethods)
      .values({
        organizationId: ctx.organizationId,
        id,
        provider,
        ref,
        type,
        brand,
        last4,
        expMonth,
        expYear,
        isDefault: false,
        createdAt: ctx.now,
      })
      .onConflictDoNothing()
      .returning({ id: paymentMethods.id });
    if (!kept) return;
    await makeDefault(ctx, id);
    await collectOpen(ctx, id);
    await writeAudit(ctx, {
      action: "payment_method.add",
      object: { type: "payment_method", id },
      after: { method: methodWords(method) },
      clause: "T-5.2-ADV2",
    });
  });
});

/** What is owed is collected from a new method at once: that is what it was added for. */
async function collectOpen(ctx: OrganizationContext, methodId: Id<"paymentMethod">): Promise<void> {
  const { organizationId } = ctx;
  const open = await ctx.db
    .select({ invoiceId: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.state, "open"),
        eq(invoices.collection, "auto"),
        lte(invoices.dueAt, ctx.now),
      ),
    );
  for (const { invoiceId } of open)
    await enqueue(ctx, collectInvoice, { organizationId, invoiceId }, { key: `${invoiceId}:${methodId}` });
}

async function makeDefault(ctx: OrganizationContext, id: Id<"paymentMethod">): Promise<void> {
  await ctx.db
    .update(paymentMethods)
    .set({ isDefault: false })
    .where(and(eq(paymentMethods.organizationId, ctx.organizationId), paymentMethods.isDefault));
  await ctx.db.update(paymentMethods).set({ isDefault: true }).where(its(ctx, id));
}

/** Chooses the method that advances and invoices are collected from. */
export const chooseMethod = command({
  can: "billing.write",
  within: "organization",
  input: methodInput,
  run: (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockedAccount(ctx);
      const [method] = await ctx.db
        .select()
        .from(paymentMethods)
        .where(and(its(ctx, id), isNull(paymentMethods.detachedAt)));
      if (!method) throw new AppError("not_found", "There is no such payment method any more.");
      if (method.isDefault) return;
      await makeDefault(ctx, id);
      await writeAudit(ctx, {
        action: "payment_method.set-default",
        object: { type: "payment_method", id },
        after: { method: methodWords(method) },
        clause: "T-5.2-ADV2",
      });
    }),
});

/** Removes a method, here and at the provider. The last one of a paying organization can go too; the next collection then fails. */
export const removeMethod = command({
  can: "billing.write",
  within: "organization",
  input: methodInput,
  run: async (ctx, { id }): Promise<void> => {
    const removed = await detach(ctx, id);
    // Here it is gone whatever the provider answers; a method left there is charged by no one.
    if (removed)
      await providerOf(removed.provider)
        .detach(removed.ref)
        .catch((error: unknown) => logError("payments.detach", error, { method: id }));
  },
});

/** Takes a method out; another one, the newest, is charged from now on. Null when it was gone already. */
export const detach = part((ctx: OrganizationContext, id: Id<"paymentMethod">) =>
  transaction(ctx, async (ctx) => {
    await lockedAccount(ctx);
    const [method] = await ctx.db
      .update(paymentMethods)
      .set({ isDefault: false, detachedAt: ctx.now })
      .where(and(its(ctx, id), isNull(paymentMethods.detachedAt)))
      .returning();
    if (!method) return null;
    const left = await ctx.db
      .select({ id: paymentMethods.id, isDefault: paymentMethods.isDefault })
      .from(paymentMethods)
      .where(
        and(
          eq(paymentMethods.organizationId, ctx.organizationId),
          isNull(paymentMethods.detachedAt),
          ne(paymentMethods.id, id),
        ),
      )
      .orderBy(paymentMethods.createdAt);
    const next = left.at(-1);
    if (next && !left.some(({ isDefault }) => isDefault)) await makeDefault(ctx, next.id);
    await writeAudit(ctx, {
      action: "payment_method.detach",
      object: { type: "payment_method", id },
      before: { method: methodWords(method) },
      clause: "T-5.2-ADV2",
    });
    return method;
  }),
);
