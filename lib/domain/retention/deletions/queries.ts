import { and, asc, desc, eq, sql } from "drizzle-orm";
import { identityChecks } from "#db/schema/guests.ts";
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

/** Whether a member asked for it or, where a guest did, staff signed for who that is. */
export const isIdentified = sql`(deletions.requested_by is not null or exists (select from identity_checks
  where identity_checks.organization_id = deletions.organization_id and identity_checks.deletion_id = deletions.id))`;

/** Written requests to delete, for staff: open ones first, the soonest due before all. */
export async function deskDeletions(ctx: AccountContext): Promise<DeskDeletion[]> {
  authorize(ctx.actor, "deletions.decide");
  const rows = await ctx.db
    .select({ deletion: deletions, organizationName: organizations.name, signedName: identityChecks.signedName })
    .from(deletions)
    .innerJoin(organizations, eq(organizations.id, deletions.organizationId))
    .leftJoin(
      identityChecks,
      and(eq(identityChecks.organizationId, deletions.organizationId), eq(identityChecks.deletionId, deletions.id)),
    )
    .orderBy(
      desc(sql`${deletions.state} = 'open'`),
      asc(sql`case when ${deletions.state} = 'open' then ${deletions.dueAt} end`),
      desc(deletions.doneAt),
    )
    .limit(mostShown);
  return rows.map(({ deletion, ...more }) => ({ ...deletion, ...more }));
}
