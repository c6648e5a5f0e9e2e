import { and, eq, isNotNull, ne, or } from "drizzle-orm";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Plan } from "./rules.ts";

/** Puts an organization on any plan, for the operator. */
export const setPlan = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, plan: Plan): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const [before] = await ctx.db
        .select({ plan: organizations.plan })
        .from(organizations)
        .where(eq(organizations.id, ctx.organizationId))
        .for("update");
      if (!before) throw new AppError("not_found", `There is no organization ${ctx.organizationId}.`);
      if (plan === "free") await refuseUnderZeroRetention(ctx);
      const another = and(eq(organizations.id, ctx.organizationId), ne(organizations.plan, plan));
      await ctx.db.update(organizations).set({ plan }).where(another);
      await noteChange(ctx, before.plan, plan);
    });
  },
});

/** T-4.2.2.2-ZDR5: the database refuses it too; here it is said why. */
async function refuseUnderZeroRetention({ db, organizationId }: OrganizationContext): Promise<void> {
  const isFlagged = isNotNull(organizations.zeroRetentionSince);
  const [place] = await db
    .select({ id: organizations.id })
    .from(organizations)
    .leftJoin(workspaces, eq(workspaces.organizationId, organizations.id))
    .where(and(eq(organizations.id, organizationId), or(isFlagged, isNotNull(workspaces.zeroRetentionSince))))
    .limit(1);
  if (!place) return;
  const message = "Zero retention is in force, which the free plan does not have. It has to be ended first.";
  throw new AppError("conflict", message, { code: "zero_retention_active" });
}

const noteChange = (ctx: OrganizationContext, before: Plan, after: Plan): Promise<void> =>
  writeAudit(ctx, {
    action: "organization.change-plan",
    object: { type: "organization", id: ctx.organizationId },
    before: { plan: before },
    after: { plan: after },
    clause: "T-4.2.2.1-RL",
  });
