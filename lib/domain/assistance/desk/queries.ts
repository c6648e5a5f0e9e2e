import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { staff, users } from "#db/schema/account.ts";
import { assistanceGrants, assistanceUnlocks } from "#db/schema/assistance.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { grantView } from "#lib/domain/assistance/shown/commands.ts";
import type { DeskGrant, DeskGrantRow } from "#lib/domain/assistance/view.ts";

const mostShown = 200;
const owner = eq(organizations.id, assistanceGrants.organizationId);

/** What customers asked for: what waits for staff first, then what is read, then the rest. */
export async function deskGrants(ctx: AccountContext): Promise<DeskGrantRow[]> {
  authorize(ctx.actor, "assistance.decide");
  const place = sql`array_position(array['requested', 'approved', 'active', 'granted', 'offered'], ${assistanceGrants.state})`;
  return ctx.db
    .select({
      id: assistanceGrants.id,
      organizationName: organizations.name,
      state: assistanceGrants.state,
      requestedAt: assistanceGrants.requestedAt,
      endsAt: assistanceGrants.endsAt,
      requesterName: users.name,
    })
    .from(assistanceGrants)
    .innerJoin(organizations, owner)
    .innerJoin(users, eq(users.id, assistanceGrants.requestedBy))
    .orderBy(sql`${place} nulls last`, desc(assistanceGrants.requestedAt))
    .limit(mostShown);
}

/** One of them, as it stands for the person who looks. */
export async function deskGrant(ctx: AccountContext, id: Id<"assistanceGrant">): Promise<DeskGrant> {
  authorize(ctx.actor, "assistance.decide");
  const [found] = await ctx.db
    .select({ grant: assistanceGrants, organizationName: organizations.name, requesterName: users.name })
    .from(assistanceGrants)
    .innerJoin(organizations, owner)
    .innerJoin(users, eq(users.id, assistanceGrants.requestedBy))
    .where(eq(assistanceGrants.id, id));
  if (!found) throw new AppError("not_found", "There is no such request.");
  const { grant, ...named } = found;
  const { id: staffId } = personOf(ctx.actor);
  const { organizationId } = grant;
  const [unlock] = await ctx.db
    .select({ until: assistanceUnlocks.until })
    .from(assistanceUnlocks)
    .where(
      and(
        eq(assistanceUnlocks.organizationId, organizationId),
        eq(assistanceUnlocks.grantId, id),
        eq(assistanceUnlocks.staffId, staffId),
        gt(assistanceUnlocks.until, ctx.now),
      ),
    )
    .limit(1);
  return {
    ...(await grantView(ctx, grant)),
    ...named,
    organizationId,
    unlockedUntil: unlock?.until ?? null,
    isNamed: grant.staffIds?.includes(staffId) === true,
  };
}

const assisting = (Object.keys(staffPermissions) as StaffRole[]).filter((role) =>
  (staffPermissions[role] as readonly string[]).includes("assistance.decide"),
);

/** The people who can be named to a customer. */
export async function staffChoices(ctx: AccountContext): Promise<{ id: Id<"user">; name: string }[]> {
  authorize(ctx.actor, "assistance.decide");
  const roles = sql`${staff.roles} && ${`{${assisting.join(",")}}`}::text[]`;
  return ctx.db
    .select({ id: users.id, name: users.name })
    .from(staff)
    .innerJoin(users, eq(users.id, staff.userId))
    .where(and(staff.active, roles))
    .orderBy(asc(users.name), asc(users.id))
    .limit(100);
}
