import { and, desc, eq, gt, ilike, or, type SQL } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { suspensions } from "#db/schema/abuse.ts";
import { users } from "#db/schema/account.ts";
import { abuseFlags, abuseItems, abuseOpenings, abuseRules } from "#db/schema/monitoring.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import { openLookAt } from "#lib/domain/staff/access/queries.ts";
import type { ItemFilter } from "./input.ts";
import type { DeskItem, ItemRow } from "./view.ts";

const mostSigns = 50;

const ofWorkspace = and(
  eq(workspaces.organizationId, abuseItems.organizationId),
  eq(workspaces.id, abuseItems.workspaceId),
);

const matching = (ctx: AccountContext, { q, state, source, category }: ItemFilter): SQL | undefined =>
  and(
    gt(abuseItems.endsAt, ctx.now),
    // A search looks everywhere, unless it is told where.
    q && !state ? undefined : eq(abuseItems.state, state ?? "open"),
    source && eq(abuseItems.source, source),
    category && eq(abuseItems.category, category),
    q
      ? or(ilike(organizations.name, containing(q)), isId("abuseItem", q) ? eq(abuseItems.id, q) : undefined)
      : undefined,
  );

/** Items of all customers, those flagged last first; the customer's name is all that is seen before a reason. */
export async function deskItems(ctx: AccountContext, asked: ItemFilter): Promise<ListPage<ItemRow>> {
  authorize(ctx.actor, "abuse.read");
  const matches = matching(ctx, asked);
  const page = await keysetPage(
    asked,
    { keys: { flagged: instantKey(abuseItems.flaggedAt) }, first: "-flagged", id: abuseItems.id },
    {
      find: async ({ place, where, order, limit }) => {
        const rows = await ctx.db
          .select({
            item: abuseItems,
            id: abuseItems.id,
            organizationName: organizations.name,
            workspaceName: workspaces.name,
            place,
          })
          .from(abuseItems)
          .innerJoin(organizations, eq(organizations.id, abuseItems.organizationId))
          .leftJoin(workspaces, ofWorkspace)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit);
        return rows.map(({ item, ...names }) => ({ ...item, ...names }));
      },
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(abuseItems)
          .innerJoin(organizations, eq(organizations.id, abuseItems.organizationId))
          .where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => row) };
}

/** One item; what it is about is seen with a reason, and the customer's audit log has that. */
export async function deskItem(ctx: AccountContext, id: Id<"abuseItem">): Promise<DeskItem> {
  authorize(ctx.actor, "abuse.read");
  const [found] = await ctx.db
    .select({
      item: abuseItems,
      organizationName: organizations.name,
      workspaceName: workspaces.name,
      isDefault: workspaces.isDefault,
      archivedAt: workspaces.archivedAt,
      decidedName: users.name,
      suspension: suspensions.state,
    })
    .from(abuseItems)
    .innerJoin(organizations, eq(organizations.id, abuseItems.organizationId))
    .leftJoin(workspaces, ofWorkspace)
    .leftJoin(users, eq(users.id, abuseItems.decidedBy))
    .leftJoin(
      suspensions,
      and(eq(suspensions.organizationId, abuseItems.organizationId), eq(suspensions.id, abuseItems.suspensionId)),
    )
    .where(eq(abuseItems.id, id));
  if (!found) throw new AppError("not_found", "There is no such item any more.");
  const { item, isDefault, archivedAt, ...names } = found;
  const isHidden = (await openLookAt(ctx, item.organizationId)) === null;
  const nothing = { isHidden, canRestrict: false, signs: [], openings: [], isOpenTo: null };
  if (isHidden) return { ...item, ...names, ...nothing, requestIds: [] };
  await lookAt(ctx, item.organizationId, { type: "abuse_item", id });
  const [signs, openings] = await Promise.all([signsOf(ctx, item), openingsOf(ctx, item)]);
  const isMine = ({ openedBy, endsAt }: DeskItem["openings"][number]) => openedBy === ctx.actor.id && endsAt > ctx.now;
  const isOpenTo = openings.find(isMine) ?? null;
  return { ...item, ...names, isHidden, canRestrict: isDefault === false && !archivedAt, signs, openings, isOpenTo };
}

type Named = { organizationId: Id<"organization">; id: Id<"abuseItem"> };

async function signsOf(ctx: AccountContext, { organizationId, id }: Named): Promise<DeskItem["signs"]> {
  const rows = await ctx.db
    .select({ flag: abuseFlags, ruleName: abuseRules.name })
    .from(abuseFlags)
    .leftJoin(abuseRules, eq(abuseRules.id, abuseFlags.ruleId))
    .where(and(eq(abuseFlags.organizationId, organizationId), eq(abuseFlags.itemId, id)))
    .orderBy(desc(abuseFlags.at), desc(abuseFlags.id))
    .limit(mostSigns);
  return rows.map(({ flag, ruleName }) => ({ ...flag, ruleName }));
}

const openingsOf = (ctx: AccountContext, { organizationId, id }: Named): Promise<DeskItem["openings"][number][]> =>
  ctx.db
    .select()
    .from(abuseOpenings)
    .where(and(eq(abuseOpenings.organizationId, organizationId), eq(abuseOpenings.itemId, id)))
    .orderBy(desc(abuseOpenings.openedAt))
    .limit(mostSigns);
