import { and, eq, inArray, lt, lte, sql } from "drizzle-orm";
import { contentEnds } from "#db/schema/retention.ts";
import { contents } from "#db/schema/usage.ts";
import { addMinutes, dayOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { contentHours, hourOf, startOfHour } from "#lib/core/keyring/document.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";

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
    await endSums(ctx, oldest);
    return purged;
  },
});

/** The sums of what is gone become what the day's receipt says, in one statement: counted once, whatever happens. */
const endSums = (ctx: AccountContext, oldest: Date) =>
  ctx.db.execute(sql`
    with gone as (delete from content_sums where hour < ${oldest.toISOString()}::timestamptz returning *)
    insert into content_ends as kept (organization_id, day, requests, bytes, oldest, newest)
      select organization_id, ${dayOf(ctx.now)}::date, sum(requests), sum(bytes), min(hour), max(hour) from gone
      group by 1 order by 1
    on conflict (organization_id, day) do update set requests = kept.requests + excluded.requests,
      bytes = kept.bytes + excluded.bytes, oldest = least(kept.oldest, excluded.oldest), newest = greatest(kept.newest, excluded.newest)`);

/** T-4.2.2.2-D1: the receipts of what ended on days that are over, one for each organization and day. */
export const receiptEnds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const over = await ctx.db
      .select()
      .from(contentEnds)
      .where(lt(contentEnds.day, dayOf(ctx.now)));
    for (const { organizationId, day, requests, bytes, oldest, newest } of over)
      await transaction(inOrganization(ctx, organizationId), async (ctx) => {
        const its = and(eq(contentEnds.organizationId, organizationId), eq(contentEnds.day, day));
        const mine = await ctx.db.delete(contentEnds).where(its).returning({ day: contentEnds.day });
        if (mine.length === 0) return;
        const removed = [{ class: "content-log" as const, items: requests, bytes, oldest, newest }];
        await issueReceipt(ctx, { cause: "thirty-days", clause: "T-4.2.2.2-D1", workspaceId: null, removed });
      });
    return over.length;
  },
});
