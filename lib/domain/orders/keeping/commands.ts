import { and, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, transaction } from "#lib/core/context.ts";

/**
 * An organization whose order is in force does not fall back to the free plan when it ends: it pays list prices then, and
 * its prompts train nothing.
 */
export const keepOrdered = command({
  can: "orders.decide",
  within: "account",
  run: async (ctx, only?: Id<"organization">): Promise<void> => {
    const now = ctx.now.toISOString();
    const inForce = sql`exists (select from order_periods(${organizations.id})
      where starts_at <= ${now}::timestamptz and (ends_at is null or ends_at > ${now}::timestamptz))`;
    await transaction(ctx, async (ctx) => {
      const kept = await ctx.db
        .update(organizations)
        .set({ plan: "paid" })
        .where(and(eq(organizations.plan, "free"), inForce, only && eq(organizations.id, only)))
        .returning({ id: organizations.id });
      for (const { id } of kept) {
        await writeAudit(inOrganization(ctx, id), {
          action: "organization.change-plan",
          object: { type: "organization", id },
          before: { plan: "free" },
          after: { plan: "paid" },
          clause: "T-3-PO",
        });
      }
    });
  },
});
