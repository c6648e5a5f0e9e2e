import { desc, eq } from "drizzle-orm";
import { assistanceGrants } from "#db/schema/assistance.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { grantView } from "./shown/commands.ts";
import type { GrantView } from "./view.ts";

const mostShown = 100;

/** The assistance this organization asked for, the latest first, with the pages that were read. */
export async function grantsOf(ctx: OrganizationContext): Promise<GrantView[]> {
  authorize(ctx.actor, "privacy.read");
  const rows = await ctx.db
    .select()
    .from(assistanceGrants)
    .where(eq(assistanceGrants.organizationId, ctx.organizationId))
    .orderBy(desc(assistanceGrants.requestedAt))
    .limit(mostShown);
  return Promise.all(rows.map((row) => grantView(ctx, row)));
}
