import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";

/** Makes the partitions that usage events of the coming weeks go to. */
export async function preparePartitions(ctx: AccountContext, from: Date = ctx.now): Promise<void> {
  authorize(ctx.actor, "system.operate");
  for (let at = from; at <= addDays(ctx.now, 62); at = addDays(at, 28)) {
    await ctx.db.execute(sql`select ensure_usage_partition(${at.toISOString()}::timestamptz)`);
  }
}
