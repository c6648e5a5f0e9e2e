import { and, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { holds } from "#db/schema/holds.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import type { DeskHold, Hold, ShownHold } from "./view.ts";

const mostShown = 200;

/** Holds on an organization that it was told of, those in force first. */
export async function holdsOf(ctx: OrganizationContext): Promise<ShownHold[]> {
  authorize(ctx.actor, "privacy.read");
  const { id, workspaceId, classes, ground, reference, words, startedAt, reviewOn, endedAt } = holds;
  return ctx.db
    .select({ id, workspaceId, classes, ground, reference, words, startedAt, reviewOn, endedAt })
    .from(holds)
    .where(and(eq(holds.organizationId, ctx.organizationId), isNotNull(holds.disclosedAt)))
    .orderBy(desc(sql`${endedAt} is null`), desc(startedAt))
    .limit(mostShown);
}

/** Every hold there is, for the operator. */
export async function allHolds(ctx: AccountContext): Promise<Hold[]> {
  authorize(ctx.actor, "system.operate");
  const rows = await ctx.db
    .select()
    .from(holds)
    .orderBy(desc(sql`${holds.state} = 'active'`), holds.reviewOn);
  return rows.map(({ key: _key, ...hold }) => hold);
}

/** Holds of all customers, those that wait for somebody first. */
export async function deskHolds(ctx: AccountContext): Promise<DeskHold[]> {
  authorize(ctx.actor, "holds.decide");
  const rows = await ctx.db
    .select({ hold: holds, organizationName: organizations.name })
    .from(holds)
    .innerJoin(organizations, eq(organizations.id, holds.organizationId))
    .orderBy(desc(sql`${holds.state} = 'proposed'`), desc(sql`${holds.state} = 'active'`), holds.reviewOn)
    .limit(mostShown);
  const people = rows.flatMap(({ hold }) => [hold.proposedBy, hold.approvedBy].filter((id) => id !== null));
  const named = await ctx.db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(people)]));
  const names = Object.fromEntries(named.map(({ id, name }) => [id, name]));
  return rows.map(({ hold: { key: _key, ...hold }, ...more }) => ({ ...hold, ...more, names }));
}
