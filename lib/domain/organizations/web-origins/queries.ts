import { and, count, eq, gt, isNull, or, sql } from "drizzle-orm";
import { keys } from "#db/schema/keys.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

export type WebPages = {
  origins: string[];
  /** How many keys for web pages work from them now. */
  keys: number;
};

/** Where the organization's keys for web pages work. */
export async function webOrigins(ctx: OrganizationContext): Promise<string[]> {
  authorize(ctx.actor, "members.read");
  const [row] = await ctx.db
    .select({ origins: organizations.webOrigins })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (!row) throw new AppError("not_found", "This organization is gone.");
  return row.origins;
}

/** The same, and how many keys that concerns. */
export async function webPages(ctx: OrganizationContext): Promise<WebPages> {
  authorize(ctx.actor, "members.read");
  const origins = await webOrigins(ctx);
  const isGood = and(isNull(keys.revokedAt), or(isNull(keys.expiresAt), gt(keys.expiresAt, ctx.now)));
  const [live] = await ctx.db
    .select({ keys: count() })
    .from(keys)
    .where(and(eq(keys.organizationId, ctx.organizationId), sql`${keys.browser}`, isGood));
  return { origins, keys: live?.keys ?? 0 };
}
