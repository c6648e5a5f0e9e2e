import { and, desc, eq, gt, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { abuseItems, abuseOpenings } from "#db/schema/monitoring.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { storedClause } from "#lib/core/clauses/register.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import {
  type AccountContext,
  inOrganization,
  isInTransaction,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { countMonitoring } from "#lib/domain/abuse/counts/commands.ts";
import type { AbuseItem } from "#lib/domain/abuse/flags/view.ts";
import { openingMinutes } from "#lib/domain/abuse/rules.ts";
import { zeroRetention } from "#lib/domain/retention/rules.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { openItemInput } from "./input.ts";
import { requestPlaces } from "./queries.ts";
import type { Opener, ReadItem } from "./view.ts";

type Asked = { organizationId: Id<"organization">; id: Id<"abuseItem"> } & Pick<Opening, "reason" | "clause">;
type Opening = typeof abuseOpenings.$inferSelect;

/**
 * T-4.2.2-ABUSE: opens the requests an item names to one person, with a reason. The customer's audit log has it, committed,
 * before anything is read; also when reading then fails.
 */
export const openItem = command({
  can: "abuse.decide",
  within: "account",
  input: openItemInput,
  run: async (ctx, asked, open: Opener): Promise<ReadItem> => {
    if (isInTransaction(ctx))
      throw new Fault("Content is read after the audit row is committed, never together with it.");
    const { organizationId, requestIds, endsAt } = await transaction(ctx, (ctx) => opening(ctx, asked));
    const requests = await open({ organizationId, requestIds: requestIds as Id<"request">[] });
    return { requests, until: endsAt };
  },
});

async function opening(ctx: AccountContext, asked: Asked): Promise<Opening> {
  await requireLook(ctx, asked.organizationId);
  const customer = inOrganization(ctx, asked.organizationId);
  const item = await lockedItem(customer, asked.id);
  await refuseUnderZeroRetention(customer, item);
  return (await openNow(customer, item)) ?? begin(customer, item, asked);
}

async function lockedItem(ctx: OrganizationContext, id: Id<"abuseItem">): Promise<AbuseItem> {
  const its = and(eq(abuseItems.organizationId, ctx.organizationId), eq(abuseItems.id, id));
  const [item] = await ctx.db.select().from(abuseItems).where(its).for("update");
  if (!item || item.endsAt <= ctx.now) throw new AppError("not_found", "There is no such item any more.");
  if (item.requestIds.length === 0) throw new AppError("conflict", "This item names no request.");
  return item;
}

/** T-4.2.2.2-ZDR4: of a scope under zero retention nothing is opened, not even what was kept before it. */
async function refuseUnderZeroRetention(ctx: OrganizationContext, item: AbuseItem): Promise<void> {
  const found = await requestPlaces(ctx, item.requestIds as Id<"request">[]);
  const places = new Set([
    ...found.map(({ workspaceId }) => workspaceId),
    ...(item.workspaceId ? [item.workspaceId] : []),
  ]);
  for (const place of places) {
    const [row] = await ctx.db.execute<{ is_flagged: boolean }>(
      sql`select is_under_zero_retention(${ctx.organizationId}, ${place}) as is_flagged`,
    );
    if (row?.is_flagged !== false) throw zeroRetention("Requests are opened from what is kept");
  }
}

/** What this person has open already: it is read again under the same row. */
async function openNow(ctx: OrganizationContext, item: AbuseItem): Promise<Opening | undefined> {
  const [known] = await ctx.db
    .select()
    .from(abuseOpenings)
    .where(
      and(
        eq(abuseOpenings.organizationId, ctx.organizationId),
        eq(abuseOpenings.itemId, item.id),
        eq(abuseOpenings.openedBy, personOf(ctx.actor).id),
        gt(abuseOpenings.endsAt, ctx.now),
      ),
    )
    .orderBy(desc(abuseOpenings.openedAt))
    .limit(1);
  return known;
}

async function begin(ctx: OrganizationContext, item: AbuseItem, { reason, clause }: Asked): Promise<Opening> {
  const { organizationId, now } = ctx;
  const { id: itemId, requestIds, gagUntil } = item;
  const { id: openedBy, name: openedName } = personOf(ctx.actor);
  const discloseAt = gagUntil && gagUntil > now ? gagUntil : null;
  const [made] = await ctx.db
    .insert(abuseOpenings)
    .values({
      ...{ organizationId, id: newId("abuseOpening", now), itemId, openedBy, openedName, reason, clause, requestIds },
      ...{ openedAt: now, endsAt: addMinutes(now, openingMinutes), discloseAt },
    })
    .returning();
  if (!made) throw new Fault("An opening was not written.");
  await writeAudit(discloseAt ? ofProvider(ctx) : ctx, openingRow(made));
  if (!discloseAt) await countMonitoring(ctx, { opened: 1 });
  return made;
}

const openingRow = ({ itemId, reason, clause, requestIds, endsAt, openedAt, openedName }: Opening) => ({
  action: "abuse.open-item" as const,
  object: { type: "abuse_item", id: itemId },
  after: { reason, requests: requestIds, by: openedName, from: openedAt, until: endsAt },
  ...storedClause(clause),
});

const mostDisclosed = 100;

/** Tells customers of openings an order had put off, once its time is over. */
export const discloseOpenings = command({
  can: "system.operate",
  within: "account",
  run: (ctx): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const due = await ctx.db
        .select()
        .from(abuseOpenings)
        .where(
          sql`${abuseOpenings.discloseAt} <= ${ctx.now.toISOString()}::timestamptz and ${abuseOpenings.disclosedAt} is null`,
        )
        .limit(mostDisclosed)
        .for("update", { skipLocked: true });
      for (const opening of due) {
        const customer = inOrganization(ctx, opening.organizationId);
        await ctx.db
          .update(abuseOpenings)
          .set({ disclosedAt: ctx.now })
          .where(and(eq(abuseOpenings.organizationId, opening.organizationId), eq(abuseOpenings.id, opening.id)));
        await writeAudit(customer, openingRow(opening));
        await countMonitoring(customer, { opened: 1 });
      }
    }),
});
