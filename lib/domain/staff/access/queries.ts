import { and, asc, desc, eq, gt, ilike, isNull, or, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { staffLooks } from "#db/schema/audit.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { containing } from "#lib/core/list/like.ts";
import { pageSize } from "#lib/core/list/rules.ts";
import type { Look } from "./view.ts";

const select = (ctx: AccountContext) =>
  ctx.db
    .select({
      id: staffLooks.id,
      organizationId: staffLooks.organizationId,
      organizationName: organizations.name,
      reason: staffLooks.reason,
      words: staffLooks.words,
      endsAt: staffLooks.endsAt,
    })
    .from(staffLooks)
    .innerJoin(organizations, eq(organizations.id, staffLooks.organizationId))
    .$dynamic();

const isMineAndOpen = (ctx: AccountContext) =>
  and(eq(staffLooks.staffId, ctx.actor.id as Id<"user">), isNull(staffLooks.closedAt), gt(staffLooks.endsAt, ctx.now));

/** The customers this person of the staff may look at now, the latest reason first. */
export async function openLooks(ctx: AccountContext): Promise<Look[]> {
  authorize(ctx.actor, "looks.decide");
  return select(ctx).where(isMineAndOpen(ctx)).orderBy(desc(staffLooks.openedAt));
}

/** The reason under which this person may look at a customer now, if they gave one. */
export async function openLookAt(ctx: AccountContext, organizationId: Id<"organization">): Promise<Look | null> {
  authorize(ctx.actor, "looks.decide");
  const [look = null] = await select(ctx)
    .where(and(isMineAndOpen(ctx), eq(staffLooks.organizationId, organizationId)))
    .orderBy(desc(staffLooks.openedAt))
    .limit(1);
  return look;
}

/** The customers that can be looked at, by a part of the name or the id: the name is all that is seen before a reason. */
export async function customerChoices(
  ctx: AccountContext,
  { q }: { q?: string | undefined } = {},
): Promise<{ id: Id<"organization">; name: string }[]> {
  authorize(ctx.actor, "looks.decide");
  const { id, name } = organizations;
  return ctx.db
    .select({ id, name })
    .from(organizations)
    .where(q ? or(ilike(name, containing(q)), isId("organization", q) ? eq(id, q) : undefined) : undefined)
    .orderBy(asc(sql`lower(${name})`), asc(id))
    .limit(pageSize);
}
