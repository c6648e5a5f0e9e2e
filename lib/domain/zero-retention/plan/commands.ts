import { and, eq, isNotNull } from "drizzle-orm";
import { billingAccounts } from "#db/schema/billing.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { zeroRetentionRequests } from "#db/schema/zero-retention.ts";
import { command, part } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { endAll } from "#lib/domain/zero-retention/commands.ts";
import { isInForce } from "#lib/domain/zero-retention/rules.ts";

/** The organization's name where nothing of it, or of some of it, may be kept; null elsewhere. */
export const nameUnderZeroRetention = part(async (ctx: OrganizationContext): Promise<string | null> => {
  const here = eq(organizations.id, ctx.organizationId);
  const [organization] = await ctx.db
    .select({ name: organizations.name, since: organizations.zeroRetentionSince })
    .from(organizations)
    .where(here);
  const flagged = and(eq(workspaces.organizationId, ctx.organizationId), isNotNull(workspaces.zeroRetentionSince));
  const states = await ctx.db
    .select({ state: zeroRetentionRequests.state })
    .from(zeroRetentionRequests)
    .where(eq(zeroRetentionRequests.organizationId, ctx.organizationId));
  const isUnder =
    organization?.since !== null ||
    states.some(({ state }) => isInForce(state)) ||
    (await ctx.db.$count(workspaces, flagged)) > 0;
  return organization && isUnder ? organization.name : null;
});

/**
 * T-4.2.2.2-ZDR5: on the free plan what is asked is kept for thirty days and may train models. Who has zero retention types
 * the organization's name beneath that, or stays where they are.
 */
export const confirmFree = part(async (ctx: OrganizationContext, typed: string | undefined): Promise<void> => {
  const name = await nameUnderZeroRetention(ctx);
  if (name === null || typed === name) return;
  const message = `Zero retention is in force. On the free plan prompts are kept for 30 days and may train models. Type ${name} to end it.`;
  throw new AppError("conflict", message, {
    code: "zero_retention_active",
    fields: { name: [`Type the name as it is: ${name}`] },
  });
});

/** Ends all of it in the transaction that puts the organization on the free plan, and before it. */
export const endForFree = part(async (ctx: OrganizationContext): Promise<void> => {
  await endAll(ctx, "plan");
  await ctx.db
    .update(organizations)
    .set({ zeroRetentionSince: null })
    .where(and(eq(organizations.id, ctx.organizationId), isNotNull(organizations.zeroRetentionSince)));
  await ctx.db
    .update(workspaces)
    .set({ zeroRetentionSince: null })
    .where(and(eq(workspaces.organizationId, ctx.organizationId), isNotNull(workspaces.zeroRetentionSince)));
});

/** The operator's way to the same, with the same name to type. */
export const endForPlan = command({
  can: "system.operate",
  within: "organization",
  run: (ctx, typed: string | undefined): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await confirmFree(ctx, typed);
      if (await nameUnderZeroRetention(ctx)) await endForFree(ctx);
    }),
});

/** Who leaves the paid plan has confirmed what that means; nothing is granted that would end with it unasked. */
export const refuseLeaving = part(async (ctx: OrganizationContext): Promise<void> => {
  const [account] = await ctx.db
    .select({ on: billingAccounts.downgradeOn })
    .from(billingAccounts)
    .where(eq(billingAccounts.organizationId, ctx.organizationId));
  const [organization] = await ctx.db
    .select({ plan: organizations.plan })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (account?.on)
    throw new AppError(
      "conflict",
      `This organization goes back to the free plan on ${account.on}. Take that back first.`,
      {
        code: "zero_retention_needs_paid_plan",
      },
    );
  if (organization?.plan === "free")
    throw new AppError("conflict", "The free plan has no zero retention.", { code: "zero_retention_needs_paid_plan" });
});
