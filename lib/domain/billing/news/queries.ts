import { and, asc, eq, isNotNull, or, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { billingAccounts } from "#db/schema/billing.ts";
import { members } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { BillingNews } from "./view.ts";

/**
 * What every page of the organization says about unpaid invoices: that requests are refused, and who can change it, everyone
 * there may know. Null while nothing is wrong.
 */
export async function billingNews(ctx: Context): Promise<BillingNews | null> {
  authorize(ctx.actor, "organization.read");
  const [account] = await ctx.db
    .select({
      pastDueSince: billingAccounts.pastDueSince,
      blockedAt: billingAccounts.blockedAt,
      reason: billingAccounts.blockedReason,
    })
    .from(billingAccounts)
    .where(
      and(
        eq(billingAccounts.organizationId, ctx.organizationId),
        or(isNotNull(billingAccounts.pastDueSince), isNotNull(billingAccounts.blockedAt)),
      ),
    );
  if (!account) return null;
  const payers = await ctx.db
    .select({ name: users.name })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.organizationId, ctx.organizationId),
        sql`${members.roles} && array['organization_admin', 'billing_manager']`,
      ),
    )
    .orderBy(asc(members.createdAt), asc(users.id))
    .limit(20);
  return { ...account, payers: payers.map(({ name }) => name) };
}
