import { asc, desc, eq, sql } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { deletions } from "#db/schema/receipts.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { DeskDeletion } from "./view.ts";

const mostShown = 200;

/** Whether a legal hold stands against a deletion, and whether the customer was told; null where none does. */
export const holdOnDeletion = sql<"told" | "untold" | null>`case when deletions.kind = 'agent'
  then (select hold_on(agents.organization_id, agents.workspace_id, 'agents') from agents
    where agents.organization_id = deletions.organization_id and agents.id = deletions.target_id)
  else coalesce(hold_on(deletions.organization_id, null, 'agents'), hold_on(deletions.organization_id, null, 'conversations')) end`;

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
