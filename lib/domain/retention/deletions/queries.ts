import { asc, desc, eq, sql } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { deletions } from "#db/schema/receipts.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { DeskDeletion } from "./view.ts";

const mostShown = 200;

/** Written requests to delete, for staff: open ones first, the soonest due before all. */
export async function deskDeletions(ctx: AccountContext): Promise<DeskDeletion[]> {
  authorize(ctx.actor, "deletions.decide");
  const rows = await ctx.db
    .select({ deletion: deletions, organizationName: organizations.name })
    .from(deletions)
    .innerJoin(organizations, eq(organizations.id, deletions.organizationId))
    .orderBy(
      desc(sql`${deletions.state} = 'open'`),
      asc(sql`case when ${deletions.state} = 'open' then ${deletions.dueAt} end`),
      desc(deletions.doneAt),
    )
    .limit(mostShown);
  return rows.map(({ deletion, organizationName }) => ({ ...deletion, organizationName }));
}
