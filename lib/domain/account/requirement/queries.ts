import { and, eq, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { signInRules } from "#db/schema/domains.ts";
import { authenticators, passkeys } from "#db/schema/factors.ts";
import { members } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";

/** Whether an organization lets in only members who have a second factor. */
export async function requiresSecondFactor(ctx: AccountContext, organizationId: Id<"organization">): Promise<boolean> {
  authorize(ctx.actor, "account.manage");
  const [rules] = await ctx.db
    .select({ required: signInRules.requiresSecondFactor })
    .from(signInRules)
    .where(eq(signInRules.organizationId, organizationId));
  return rules?.required ?? false;
}

export type Requirement = { isRequired: boolean; members: number; without: number };

/** The rule, and how many members it would send to add one. */
export async function requirement(ctx: OrganizationContext): Promise<Requirement> {
  authorize(ctx.actor, "members.read");
  const mine = eq(members.organizationId, ctx.organizationId);
  const has = or(
    sql`exists (select from ${authenticators} where ${authenticators.userId} = ${members.userId})`,
    sql`exists (select from ${passkeys} where ${passkeys.userId} = ${members.userId})`,
  );
  const [isRequired, all, having] = await Promise.all([
    requiresSecondFactor(ctx, ctx.organizationId),
    ctx.db.$count(members, mine),
    ctx.db.$count(members, and(mine, has)),
  ]);
  return { isRequired, members: all, without: all - having };
}
