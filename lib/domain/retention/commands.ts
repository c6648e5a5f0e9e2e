import { inArray, lt, lte, sql } from "drizzle-orm";
import { contentSums } from "#db/schema/retention.ts";
import { contents } from "#db/schema/usage.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { contentHours, hourOf, startOfHour } from "#lib/core/keyring/document.ts";

const batchSize = 2000;
const aheadHours = 48;

/** Makes the places that content of the coming two days goes to. */
export const prepareContents = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, hours: number = aheadHours): Promise<void> => {
    for (let hour = 0; hour <= hours; hour++) {
      const at = addMinutes(ctx.now, hour * 60).toISOString();
      await ctx.db.execute(sql`select ensure_contents_partition(${at}::timestamptz)`);
    }
  },
});

/** Removes content whose 720 hours are over (T-4.2.2.1-D1, T-4.2.2.2-D1); returns how many requests' copies went. */
export const purgeContents = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    // The first hour whose end of time has not come.
    const oldest = startOfHour(hourOf(ctx.now) - contentHours + 1);
    let purged = 0;
    for (;;) {
      const [hour] = await ctx.db.execute<{ requests: string | null }>(
        sql`select drop_contents_hour(${oldest.toISOString()}::timestamptz) as requests`,
      );
      if (hour?.requests == null) break;
      purged += Number(hour.requests);
    }
    // What was there before hours had tables of their own.
    for (;;) {
      const due = ctx.db
        .select({ id: contents.id })
        .from(contents)
        .where(lte(contents.hour, addMinutes(oldest, -60)))
        .limit(batchSize);
      const gone = await ctx.db
        .delete(contents)
        .where(inArray(contents.id, due))
        .returning({ id: contents.id, requestIds: contents.requestIds });
      purged += gone.reduce((sum, { requestIds }) => sum + requestIds.length, 0);
      if (gone.length < batchSize) break;
    }
    await ctx.db.delete(contentSums).where(lt(contentSums.hour, oldest));
    return purged;
  },
});
