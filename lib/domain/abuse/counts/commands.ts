import { sql } from "drizzle-orm";
import { abuseMonths } from "#db/schema/monitoring.ts";
import { monthOf } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { CountName, Counts } from "./rules.ts";

/** Adds to what monitoring did this month; the model is the one that looked. */
export const countMonitoring = part(
  async (ctx: OrganizationContext, more: Partial<Counts>, model?: string): Promise<void> => {
    const sums = Object.entries(more).filter(([, value]) => value > 0) as [CountName, number][];
    if (sums.length === 0) return;
    const models = model === undefined ? [] : [model];
    await ctx.db
      .insert(abuseMonths)
      .values({ organizationId: ctx.organizationId, month: monthOf(ctx.now), models, ...Object.fromEntries(sums) })
      .onConflictDoUpdate({
        target: [abuseMonths.organizationId, abuseMonths.month],
        set: {
          ...Object.fromEntries(sums.map(([name, value]) => [name, sql`${abuseMonths[name]} + ${value}`])),
          models: sql`array(select distinct unnest(${abuseMonths.models} || excluded.models) order by 1)`,
        },
      });
  },
);
