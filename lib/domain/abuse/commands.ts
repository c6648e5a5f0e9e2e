import { and, count, eq, lt, lte, notExists, sql } from "drizzle-orm";
import { abuseFigures, abuseFlags, abuseItems, abuseOpenings, abuseScans } from "#db/schema/monitoring.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { countMonitoring } from "#lib/domain/abuse/counts/commands.ts";
import { usualDays } from "#lib/domain/abuse/figures/rules.ts";
import { itemDays } from "#lib/domain/abuse/rules.ts";

/** T-4.2.2-ABUSE: what monitoring found ends with the thirty days, decided or not; only the sums by month stay. */
export const endItems = command({
  can: "system.operate",
  within: "account",
  run: (ctx): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const untold = ctx.db
        .select({ one: sql`1` })
        .from(abuseOpenings)
        .where(
          and(
            eq(abuseOpenings.organizationId, abuseItems.organizationId),
            eq(abuseOpenings.itemId, abuseItems.id),
            sql`${abuseOpenings.discloseAt} is not null and ${abuseOpenings.disclosedAt} is null`,
          ),
        );
      // What a customer was not told of yet stays, without anything that can be read.
      const isOver = and(lte(abuseItems.endsAt, ctx.now), notExists(untold));
      await countExpired(ctx, isOver);
      await ctx.db.delete(abuseItems).where(isOver);
      await ctx.db.delete(abuseFlags).where(lte(abuseFlags.at, addDays(ctx.now, -itemDays)));
      await ctx.db.delete(abuseFigures).where(lt(abuseFigures.day, dayOf(addDays(ctx.now, -usualDays - 2))));
      await ctx.db.delete(abuseScans).where(lt(abuseScans.hour, addDays(ctx.now, -itemDays - 1)));
    }),
});

async function countExpired(ctx: AccountContext, isOver: ReturnType<typeof and>): Promise<void> {
  const expired = await ctx.db
    .select({ organizationId: abuseItems.organizationId, items: count() })
    .from(abuseItems)
    .where(and(isOver, eq(abuseItems.state, "open")))
    .groupBy(abuseItems.organizationId)
    .orderBy(abuseItems.organizationId);
  for (const { organizationId, items } of expired)
    await countMonitoring(inOrganization(ctx, organizationId), { expired: items });
}
