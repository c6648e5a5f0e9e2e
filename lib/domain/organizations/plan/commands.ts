import { and, eq, ne } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { record } from "#lib/core/audit.ts";
import { type OrganizationContext, within } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

type Plan = (typeof organizations.$inferSelect)["plan"];

/** T-4.2.2.1-RL: from the free plan to the paid one; every process knows with its next request. */
export async function upgradePlan(ctx: OrganizationContext): Promise<void> {
  authorize(ctx.actor, "plan.write");
  await within(ctx, async (ctx) => {
    const [changed] = await ctx.db
      .update(organizations)
      .set({ plan: "paid" })
      .where(and(eq(organizations.id, ctx.organizationId), eq(organizations.plan, "free")))
      .returning({ id: organizations.id });
    if (!changed) throw new AppError("conflict", "This organization is not on the free plan any more.");
    await noteChange(ctx, "free", "paid");
  });
}

/** Puts an organization on any plan, for the operator. */
export async function setPlan(ctx: OrganizationContext, plan: Plan): Promise<void> {
  authorize(ctx.actor, "system.operate");
  await within(ctx, async (ctx) => {
    const [before] = await ctx.db
      .select({ plan: organizations.plan })
      .from(organizations)
      .where(eq(organizations.id, ctx.organizationId))
      .for("update");
    if (!before) throw new AppError("not_found", `There is no organization ${ctx.organizationId}.`);
    const another = and(eq(organizations.id, ctx.organizationId), ne(organizations.plan, plan));
    await ctx.db.update(organizations).set({ plan }).where(another);
    await noteChange(ctx, before.plan, plan);
  });
}

const noteChange = (ctx: OrganizationContext, before: Plan, after: Plan): Promise<void> =>
  record(ctx, {
    action: "organization.change-plan",
    object: { type: "organization", id: ctx.organizationId },
    before: { plan: before },
    after: { plan: after },
    clause: "T-4.2.2.1-RL",
  });
