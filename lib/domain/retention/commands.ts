import { inArray, lte } from "drizzle-orm";
import { contents } from "#db/schema/usage.ts";
import { command } from "#lib/core/command.ts";

const batchSize = 2000;

/** Removes content whose thirty days are over (T-4.2.2.1-D1, T-4.2.2.2-D1); returns how many copies went. */
export const purgeContents = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let purged = 0;
    for (;;) {
      const due = ctx.db
        .select({ id: contents.id })
        .from(contents)
        .where(lte(contents.purgeAt, ctx.now))
        .limit(batchSize);
      const gone = await ctx.db
        .delete(contents)
        .where(inArray(contents.id, due))
        .returning({ id: contents.id, requestIds: contents.requestIds });
      purged += gone.reduce((sum, { requestIds }) => sum + requestIds.length, 0);
      if (gone.length < batchSize) return purged;
    }
  },
});
