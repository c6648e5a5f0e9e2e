import { eq } from "drizzle-orm";
import { type EndUserMode, organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

/** What the organization has kept of the end users that its requests name (T-4.2.1-EU). */
export async function endUserMode(ctx: OrganizationContext): Promise<EndUserMode> {
  authorize(ctx.actor, "members.read");
  const [row] = await ctx.db
    .select({ mode: organizations.endUsers })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (!row) throw new AppError("not_found", "This organization is gone.");
  return row.mode;
}
