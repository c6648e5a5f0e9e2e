import { and, eq, isNotNull, lte } from "drizzle-orm";
import { billingAccounts } from "#db/schema/billing.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { dayOf, monthOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import { monthAfter } from "#lib/domain/billing/cycles/rules.ts";
import { confirmFree, endForFree, nameUnderZeroRetention } from "#lib/domain/zero-retention/plan/commands.ts";
import { downgradeInput } from "./input.ts";
import { downgradedLetter } from "./letters.ts";
import { missingForPaid } from "./queries.ts";
import { missingWords } from "./rules.ts";

/** From the free plan to the paid one, once it is known who pays and how; every process knows with its next request. */
export const upgradePlan = command({
  can: "plan.write",
  within: "organization",
  stepUp: "plan.change",
  run: async (ctx): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const [missing] = await missingForPaid(ctx);
      if (missing) throw new AppError("conflict", missingWords[missing], { code: `${missing}_missing` });
      const [changed] = await ctx.db
        .update(organizations)
        .set({ plan: "paid" })
        .where(and(eq(organizations.id, ctx.organizationId), eq(organizations.plan, "free")))
        .returning({ id: organizations.id });
      if (!changed) throw new AppError("conflict", "This organization is not on the free plan any more.");
      await noteChange(ctx, "free", "paid");
    });
  },
});

/** Back to the free plan when the month is over; until then everything stays, and it can be taken back. */
export const downgradePlan = command({
  can: "plan.write",
  within: "organization",
  input: downgradeInput,
  stepUp: "plan.change",
  run: async (ctx, { name }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      await confirmFree(ctx, name);
      const [organization] = await ctx.db
        .select({ plan: organizations.plan })
        .from(organizations)
        .where(eq(organizations.id, ctx.organizationId));
      if (organization?.plan !== "paid")
        throw new AppError("conflict", "Only an organization on the paid plan can go back to the free one.");
      await setDowngrade(ctx, monthAfter(monthOf(ctx.now)));
    });
  },
});

export const keepPlan = command({
  can: "plan.write",
  within: "organization",
  run: (ctx): Promise<void> => transaction(ctx, (ctx) => setDowngrade(ctx, null)),
});

async function setDowngrade(ctx: OrganizationContext, on: string | null): Promise<void> {
  const changed = await ctx.db
    .update(billingAccounts)
    .set({ downgradeOn: on, updatedAt: ctx.now })
    .where(eq(billingAccounts.organizationId, ctx.organizationId))
    .returning({ id: billingAccounts.organizationId });
  if (changed.length === 0) throw new AppError("not_found", "This organization has no billing account yet.");
  await writeAudit(ctx, {
    action: "organization.plan-change",
    object: { type: "organization", id: ctx.organizationId },
    after: { to: on ? "free" : null, on },
    clause: "T-5.1",
  });
}

/** Downgrades whose month has come; returns how many. */
export const applyDowngrades = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select({ organizationId: billingAccounts.organizationId })
      .from(billingAccounts)
      .where(and(isNotNull(billingAccounts.downgradeOn), lte(billingAccounts.downgradeOn, dayOf(ctx.now))));
    for (const { organizationId } of due)
      await transaction(inOrganization(ctx, organizationId), apply).catch((error: unknown) =>
        logError("billing.apply-downgrades", error, { organization: organizationId }),
      );
    return due.length;
  },
});

async function apply(ctx: OrganizationContext): Promise<void> {
  const [due] = await ctx.db
    .update(billingAccounts)
    .set({ downgradeOn: null })
    .where(and(eq(billingAccounts.organizationId, ctx.organizationId), isNotNull(billingAccounts.downgradeOn)))
    .returning({ id: billingAccounts.organizationId });
  if (!due) return;
  if (await nameUnderZeroRetention(ctx)) await endForFree(ctx);
  const [changed] = await ctx.db
    .update(organizations)
    .set({ plan: "free" })
    .where(and(eq(organizations.id, ctx.organizationId), eq(organizations.plan, "paid")))
    .returning({ id: organizations.id });
  if (!changed) return;
  await noteChange(ctx, "paid", "free");
  for (const to of await billingReaders(ctx)) await post(ctx, downgradedLetter({ ctx, to }));
}

const noteChange = (ctx: OrganizationContext, before: string, after: string): Promise<void> =>
  writeAudit(ctx, {
    action: "organization.change-plan",
    object: { type: "organization", id: ctx.organizationId },
    before: { plan: before },
    after: { plan: after },
    clause: "T-4.2.2.1-RL",
  });
