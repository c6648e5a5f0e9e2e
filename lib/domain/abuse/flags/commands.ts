import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { abuseFlags, abuseItems } from "#db/schema/monitoring.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { countMonitoring } from "#lib/domain/abuse/counts/commands.ts";
import { itemDays, namedRequests } from "#lib/domain/abuse/rules.ts";
import type { AbuseFlag, AbuseItem, NewFlag } from "./view.ts";

/** Keeps the flags that are new, and tells which; the same sign seen twice is one. */
async function keep(ctx: OrganizationContext, flags: readonly NewFlag[]): Promise<AbuseFlag[]> {
  if (flags.length === 0) return [];
  const { organizationId, now: at } = ctx;
  const rows = flags.map((flag) => ({ ...flag, organizationId, id: newId("abuseFlag", at), at }));
  const kept = await ctx.db.insert(abuseFlags).values(rows).onConflictDoNothing().returning();
  await countMonitoring(ctx, { flags: kept.length });
  return kept;
}

/** Notes signs that ask for a warning and not for a decision; tells how many of them are new. */
export const noteFlags = part(
  async (ctx: OrganizationContext, flags: readonly NewFlag[]): Promise<number> => (await keep(ctx, flags)).length,
);

/**
 * T-4.2.2-ABUSE: notes signs and puts them before staff, those of one kind and place in one item. Runs in a transaction.
 * Tells which items it touched.
 */
export const raiseFlags = part(
  async (ctx: OrganizationContext, flags: readonly NewFlag[]): Promise<Id<"abuseItem">[]> => {
    const kinds = new Map<string, AbuseFlag[]>();
    for (const flag of await keep(ctx, flags)) {
      const kind = `${flag.source} ${flag.category} ${flag.workspaceId}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), flag]);
    }
    const touched: Id<"abuseItem">[] = [];
    for (const [, [first, ...rest]] of [...kinds].toSorted(([one], [other]) => (one < other ? -1 : 1)))
      if (first) touched.push(await gather(ctx, [first, ...rest]));
    return touched;
  },
);

async function gather(ctx: OrganizationContext, flags: [AbuseFlag, ...AbuseFlag[]]): Promise<Id<"abuseItem">> {
  const item = await openItemOf(ctx, flags[0]);
  const { organizationId } = ctx;
  const requests = flags.flatMap(({ requestId }) => requestId ?? []);
  await ctx.db
    .update(abuseItems)
    .set({
      flags: sql`${abuseItems.flags} + ${flags.length}`,
      requestIds: namedRequests(item.requestIds, requests),
      flaggedAt: ctx.now,
    })
    .where(and(eq(abuseItems.organizationId, organizationId), eq(abuseItems.id, item.id)));
  const ids = flags.map(({ id }) => id);
  await ctx.db
    .update(abuseFlags)
    .set({ itemId: item.id })
    .where(and(eq(abuseFlags.organizationId, organizationId), inArray(abuseFlags.id, ids)));
  return item.id;
}

/** The open item of a kind and place, under a lock; the first sign makes it, and the customer's audit log has that. */
async function openItemOf(ctx: OrganizationContext, flag: AbuseFlag): Promise<AbuseItem> {
  const { organizationId, now } = ctx;
  const { source, category, workspaceId, ticketId } = flag;
  const made = await ctx.db
    .insert(abuseItems)
    .values({
      ...{ organizationId, id: newId("abuseItem", now), source, category, workspaceId, ticketId },
      ...{ state: "open" as const, flags: 0, requestIds: [], createdAt: now, flaggedAt: now },
      endsAt: addDays(now, itemDays),
    })
    .onConflictDoNothing()
    .returning();
  if (made[0]) {
    const object = { type: "abuse_item", id: made[0].id };
    const after = { source, category, workspace: workspaceId };
    await writeAudit(ctx, { action: "abuse.flag", object, after, clause: "T-4.2.2-ABUSE" });
    await countMonitoring(ctx, { items: 1 });
    return made[0];
  }
  const [known] = await ctx.db
    .select()
    .from(abuseItems)
    .where(
      and(
        eq(abuseItems.organizationId, organizationId),
        workspaceId ? eq(abuseItems.workspaceId, workspaceId) : isNull(abuseItems.workspaceId),
        eq(abuseItems.source, source),
        eq(abuseItems.category, category),
        eq(abuseItems.state, "open"),
      ),
    )
    .for("update");
  // Whoever decided about it meanwhile leaves the place free for the next.
  return known ?? openItemOf(ctx, flag);
}
