import { and, desc, eq, sql } from "drizzle-orm";
import { agreements } from "#db/schema/contract.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { statusAt } from "#lib/domain/organizations/queries.ts";
import type { Former } from "./view.ts";

/** Whether this organization's contract is over, for the top of every page; null while it is not. */
export async function formerCustomer(ctx: OrganizationContext): Promise<Former | null> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db
    .select({ deletedAt: organizations.deletedAt, endedAt: agreements.endsAt })
    .from(organizations)
    .leftJoin(agreements, eq(agreements.organizationId, organizations.id))
    .where(and(eq(organizations.id, ctx.organizationId), sql`${statusAt(ctx.now)} = 'terminated'`))
    .orderBy(desc(agreements.number))
    .limit(1);
  return row ? { endedAt: row.endedAt ?? row.deletedAt } : null;
}
