import { lt } from "drizzle-orm";
import { maintenances, statusBeats, statusDays, statusSamples } from "#db/schema/status.ts";
import { addDays, dayMs, dayOf, startOfDay } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { looksAt, windowsOf } from "#lib/domain/status/queries.ts";
import { minuteMs, spansOf, sumsOf } from "#lib/domain/status/rules.ts";
import type { Found, MaintenanceView } from "#lib/domain/status/view.ts";

const minuteOf = (at: Date): Date => new Date(Math.floor(at.getTime() / minuteMs) * minuteMs);

/** Says that a front is there in this minute; true for the first to say so, which is the one that looks. */
export const beat = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<boolean> => {
    const said = await ctx.db
      .insert(statusBeats)
      .values({ at: minuteOf(ctx.now) })
      .onConflictDoNothing()
      .returning();
    return said.length > 0;
  },
});

const atOnce = 500;

/** Keeps what was found, also of minutes ago, when the database was away; what is known of a minute already stays. */
export const keepSamples = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, found: readonly Found[], beats: readonly Date[]): Promise<void> => {
    const isOld = (at: Date) => at < addDays(ctx.now, -keptDays);
    const samples = found.filter(({ at }) => !isOld(at)).map((one) => ({ ...one, at: minuteOf(one.at) }));
    const there = beats.filter((at) => !isOld(at)).map((at) => ({ at: minuteOf(at) }));
    for (let from = 0; from < samples.length; from += atOnce)
      await ctx.db
        .insert(statusSamples)
        .values(samples.slice(from, from + atOnce))
        .onConflictDoNothing();
    for (let from = 0; from < there.length; from += atOnce)
      await ctx.db
        .insert(statusBeats)
        .values(there.slice(from, from + atOnce))
        .onConflictDoNothing();
  },
});

/** How long single looks are kept; of days before only the sums are. */
const keptDays = 35;
/** Days whose looks may still come in, because a front kept them while the database was away. */
const settledDays = 2;

/** Sums up the days that are over, and drops looks that are older than what is kept. */
export const rollDays = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const planned = await ctx.db.select().from(maintenances);
    const views = planned.map(viewOf);
    for (let back = settledDays; back >= 1; back--) await rollDay(ctx, dayOf(addDays(ctx.now, -back)), views);
    const old = addDays(startOfDay(dayOf(ctx.now)), -keptDays);
    await ctx.db.delete(statusSamples).where(lt(statusSamples.at, old));
    await ctx.db.delete(statusBeats).where(lt(statusBeats.at, old));
  },
});

const viewOf = ({
  startsAt,
  endsAt,
  toldAt,
  cancelledAt,
  createdAt,
  ...rest
}: typeof maintenances.$inferSelect): MaintenanceView => ({
  ...rest,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  toldAt: toldAt?.toISOString() ?? null,
  cancelledAt: cancelledAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

async function rollDay(ctx: AccountContext, day: string, planned: readonly MaintenanceView[]): Promise<void> {
  const begins = startOfDay(day);
  const to = begins.getTime() + dayMs;
  const { samples, beats, begun } = await looksAt(ctx, begins, new Date(to));
  if (begun === null || begun >= to) return;
  for (const component of new Set(samples.map((sample) => sample.component))) {
    const own = samples.filter((sample) => sample.component === component);
    const spans = spansOf({ samples: own, beats, from: Math.max(begins.getTime(), begun), to });
    const sums = sumsOf(spans, windowsOf(planned, component));
    await ctx.db
      .insert(statusDays)
      .values({ component, day, ...sums })
      .onConflictDoUpdate({ target: [statusDays.component, statusDays.day], set: sums });
  }
}
