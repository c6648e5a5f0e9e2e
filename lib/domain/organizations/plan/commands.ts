import { and, eq, ne } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
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
      const another = and(eq(organizations.id, ctx.organizationId), ne(organizations.plan, plan));
      await ctx.db.update(organizations).set({ plan }).where(another);
      await noteChange(ctx, before.plan, plan);
    });
  },
});

const noteChange = (ctx: OrganizationContext, before: Plan, after: Plan): Promise<void> =>
  writeAudit(ctx, {
    action: "organization.change-plan",
    object: { type: "organization", id: ctx.organizationId },
    before: { plan: before },
    after: { plan: after },
    clause: "T-4.2.2.1-RL",
  });
