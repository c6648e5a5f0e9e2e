import { and, eq } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { Former } from "./view.ts";

/** Whether this organization's contract is over, for the top of every page; null while it is not. */
export async function formerCustomer(ctx: OrganizationContext): Promise<Former | null> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db
    .select({ endedAt: organizations.deletedAt })
    .from(organizations)
    .where(and(eq(organizations.id, ctx.organizationId), eq(organizations.status, "terminated")));
  return row ?? null;
}
