import { asc, desc, eq, inArray, sql } from "drizzle-orm";
import { suspensions } from "#db/schema/abuse.ts";
import { users } from "#db/schema/account.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { DeskSuspension } from "#lib/domain/suspensions/view.ts";

const mostShown = 200;

/** Suspensions: those that ask for something first, appeals before all by when they are due. */
export async function deskSuspensions(ctx: AccountContext): Promise<DeskSuspension[]> {
  authorize(ctx.actor, "suspensions.decide");
  const waits = sql`${suspensions.state} = 'active' and ${suspensions.appeal} is not null and ${suspensions.appealDecision} is null`;
  const rows = await ctx.db
    .select({ suspension: suspensions, organizationName: organizations.name })
    .from(suspensions)
    .innerJoin(organizations, eq(organizations.id, suspensions.organizationId))
    .orderBy(
      desc(sql`${waits}`),
      asc(suspensions.appealDueAt),
      desc(sql`${suspensions.state} = 'proposed'`),
      desc(suspensions.proposedAt),
    )
    .limit(mostShown);
  const people = rows.flatMap(({ suspension: one }) =>
    [one.proposedBy, one.confirmedBy, one.appealDecidedBy, one.endedBy].filter((id) => id !== null),
  );
  const named = await ctx.db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(people)]));
  const names = Object.fromEntries(named.map(({ id, name }) => [id, name]));
  return rows.map(({ suspension, organizationName }) => ({ ...suspension, organizationName, names }));
}
