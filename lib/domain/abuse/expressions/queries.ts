import { asc, desc, eq, inArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "#db/schema/account.ts";
import { abuseRules } from "#db/schema/monitoring.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { AbuseRule, DeskRule } from "./view.ts";

const mostShown = 200;

/** Rules that wait for a second person or are in force, by name. */
export async function deskRules(ctx: AccountContext): Promise<DeskRule[]> {
  authorize(ctx.actor, "abuse.read");
  const approvers = alias(users, "approvers");
  const rows = await ctx.db
    .select({ rule: abuseRules, proposedName: users.name, approvedName: approvers.name })
    .from(abuseRules)
    .leftJoin(users, eq(users.id, abuseRules.proposedBy))
    .leftJoin(approvers, eq(approvers.id, abuseRules.approvedBy))
    .where(inArray(abuseRules.state, ["proposed", "active"]))
    .orderBy(asc(sql`lower(${abuseRules.name})`), desc(abuseRules.version))
    .limit(mostShown);
  return rows.map(({ rule, ...names }) => ({ ...rule, ...names }));
}

/** The rules that are in force. */
export async function rulesInForce(ctx: AccountContext): Promise<AbuseRule[]> {
  authorize(ctx.actor, "system.operate");
  return ctx.db.select().from(abuseRules).where(eq(abuseRules.state, "active")).orderBy(asc(abuseRules.id));
}
