import { and, eq, gt, isNotNull, lte, sql } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { creditGrants, creditUses } from "#db/schema/credits.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays, startOfDay } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { tally } from "#lib/domain/billing/invoices/commands.ts";
import { collectibleOf, eurosOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import { postEntries } from "#lib/domain/billing/ledger/commands.ts";
import { creditExpired, creditGranted, creditUsed } from "#lib/domain/billing/ledger/rules.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { grantInput } from "./input.ts";
import { creditsFor } from "./rules.ts";

/** Staff give an organization credit: promised by the provider, or bought ahead. */
export const grantCredit = command({
  can: "billing.decide",
  within: "account",
  input: grantInput,
  run: async (ctx, { organizationId, amount, kind, reason, expiresOn }): Promise<void> => {
    await requireLook(ctx, organizationId);
    // A day that is named is the last one on which it can be used.
    const expiresAt = expiresOn ? addDays(startOfDay(expiresOn), 1) : null;
    if (expiresAt && expiresAt <= ctx.now) throw new AppError("invalid", "Choose a day that is not over.");
    await transaction(inOrganization(ctx, organizationId), async (ctx) => {
      await lockedAccount(ctx);
      const id = await addCredit(ctx, { amount, kind, reason, expiresAt });
      await postEntries(ctx, {
        kind: "credit-granted",
        key: `credit:${id}`,
        entries: creditGranted(amount, kind === "purchased"),
      });
      await writeAudit(ctx, {
        action: "credit.grant",
        object: { type: "credit", id },
        after: { amount: eurosOf(amount), kind, reason, expiresAt },
        clause: "T-5.2-EOC",
      });
    });
  },
});

type Added = {
  amount: bigint;
  kind: (typeof creditGrants.$inferSelect)["kind"];
  reason: string;
  expiresAt?: Date | null;
};

/** A credit row without its posting, which belongs to what gave it. */
export const addCredit = part(async (ctx: OrganizationContext, { amount, kind, reason, expiresAt = null }: Added) => {
  const id = newId("credit", ctx.now);
  await ctx.db.insert(creditGrants).values({
    organizationId: ctx.organizationId,
    id,
    kind,
    amountCents: amount,
    remainingCents: amount,
    reason,
    expiresAt,
    createdBy: ctx.actor.id,
    createdAt: ctx.now,
  });
  return id;
});

/** Pays an issued document out of the organization's credit, as far as it goes, before anyone is asked for money. */
export const spendCredit = part(async (ctx: OrganizationContext, invoice: Invoice): Promise<Invoice> => {
  const { organizationId } = ctx;
  const grants = await ctx.db
    .select()
    .from(creditGrants)
    .where(and(eq(creditGrants.organizationId, organizationId), gt(creditGrants.remainingCents, 0n)))
    .for("update");
  const uses = creditsFor(grants, collectibleOf(invoice), ctx.now);
  if (uses.length === 0) return invoice;
  for (const { grant, amount } of uses) {
    await takeFrom(ctx, grant.id, amount);
    await ctx.db.insert(creditUses).values({
      organizationId,
      creditId: grant.id,
      invoiceId: invoice.id,
      amountCents: amount,
      beforeCents: invoice.creditUsedCents,
      at: ctx.now,
    });
  }
  const total = uses.reduce((sum, { amount }) => sum + amount, 0n);
  await postEntries(ctx, {
    kind: "credit-used",
    key: `credit-used:${invoice.id}:${invoice.creditUsedCents}`,
    entries: creditUsed(total),
    invoiceId: invoice.id,
  });
  return tally(ctx, invoice, { creditUsedCents: total });
});

const takeFrom = (ctx: OrganizationContext, id: (typeof creditGrants.$inferSelect)["id"], amount: bigint) =>
  ctx.db
    .update(creditGrants)
    .set({ remainingCents: sql`${creditGrants.remainingCents} - ${amount}` })
    .where(and(eq(creditGrants.organizationId, ctx.organizationId), eq(creditGrants.id, id)));

/** Takes credit whose day is over out of the books; returns how many grants ended. */
export const expireCredits = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const over = await ctx.db
      .select({ organizationId: creditGrants.organizationId, id: creditGrants.id })
      .from(creditGrants)
      .where(
        and(
          isNotNull(creditGrants.expiresAt),
          lte(creditGrants.expiresAt, ctx.now),
          gt(creditGrants.remainingCents, 0n),
        ),
      )
      .limit(1000);
    for (const { organizationId, id } of over)
      await transaction(inOrganization(ctx, organizationId), async (ctx) => {
        await lockedAccount(ctx);
        const its = and(eq(creditGrants.organizationId, organizationId), eq(creditGrants.id, id));
        const [grant] = await ctx.db.select().from(creditGrants).where(its).for("update");
        if (!grant || grant.remainingCents === 0n) return;
        await ctx.db.update(creditGrants).set({ remainingCents: 0n, expiredAt: ctx.now }).where(its);
        await postEntries(ctx, {
          kind: "credit-expired",
          key: `credit-expired:${id}`,
          entries: creditExpired(grant.remainingCents),
        });
      });
    return over.length;
  },
});
