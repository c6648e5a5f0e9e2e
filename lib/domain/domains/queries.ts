import { and, asc, eq, isNotNull, isNull, ne } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { domains } from "#db/schema/domains.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { type AccountContext, bypassTenant, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { domainOf } from "./rules.ts";
import type { Domain, Joinable } from "./view.ts";

/** The organization's domains, by name. */
export async function listDomains(ctx: OrganizationContext): Promise<Domain[]> {
  authorize(ctx.actor, "members.read");
  const rows = await ctx.db
    .select()
    .from(domains)
    .where(eq(domains.organizationId, ctx.organizationId))
    .orderBy(asc(domains.name));
  return rows.map(({ organizationId: _own, ...domain }) => domain);
}

/** The organizations the signed-in person may join because of their confirmed address, and is not a member of. */
export async function joinable(ctx: AccountContext): Promise<Joinable[]> {
  authorize(ctx.actor, "account.manage");
  const { id } = personOf(ctx.actor);
  const [user] = await ctx.db
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.id, id), isNotNull(users.emailVerifiedAt)));
  const domain = user && domainOf(user.email);
  if (!domain) return [];
  return transaction(ctx, async (ctx) => {
    await bypassTenant(ctx);
    return ctx.db
      .select({ organizationId: organizations.id, name: organizations.name, domain: domains.name })
      .from(domains)
      .innerJoin(organizations, eq(organizations.id, domains.organizationId))
      .leftJoin(members, and(eq(members.organizationId, domains.organizationId), eq(members.userId, id)))
      .where(
        and(
          eq(domains.name, domain),
          isNotNull(domains.verifiedAt),
          ne(domains.joining, "off"),
          eq(organizations.status, "active"),
          isNull(members.userId),
        ),
      );
  });
}
