import { and, asc, eq, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { billingAccounts } from "#db/schema/billing.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";

/**
 * Who gets the letters about money: the addresses of the billing profile, and the people of the organization who run it or
 * its bills; each address once.
 */
export async function billingReaders(ctx: OrganizationContext): Promise<{ email: string; name: string }[]> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const people = await ctx.db
    .select({ email: users.email, name: users.name })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.organizationId, organizationId),
        sql`${members.roles} && array['organization_admin', 'billing_manager']`,
      ),
    )
    .orderBy(asc(members.createdAt), asc(users.id));
  const [profile] = await ctx.db
    .select({ emails: billingAccounts.emails, name: organizations.name })
    .from(billingAccounts)
    .innerJoin(organizations, eq(organizations.id, billingAccounts.organizationId))
    .where(eq(billingAccounts.organizationId, organizationId));
  const all = [...people, ...(profile?.emails ?? []).map((email) => ({ email, name: profile?.name ?? "" }))];
  return [...new Map(all.map((reader) => [reader.email.toLowerCase(), reader])).values()];
}
