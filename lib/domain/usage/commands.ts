import { sql } from "drizzle-orm";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";

/** Makes the partitions that usage events of the coming weeks go to. */
export const preparePartitions = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, from: Date = ctx.now): Promise<void> => {
    for (let at = from; at <= addDays(ctx.now, 62); at = addDays(at, 28)) {
      await ctx.db.execute(sql`select ensure_usage_partition(${at.toISOString()}::timestamptz)`);
    }
  },
});
