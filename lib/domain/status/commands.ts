import { and, desc, eq, gte, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { incidents, incidentUpdates, maintenances, statusBeats, statusDays, statusSamples } from "#db/schema/status.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { addDays, dayMs, dayOf, startOfDay } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { cancelMaintenanceInput, openIncidentInput, planMaintenanceInput, updateIncidentInput } from "./input.ts";
import { looksAt, windowsOf } from "./queries.ts";
import { type IncidentState, impactOf, incidentAfterMs, minuteMs, type Span, spansOf, sumsOf } from "./rules.ts";
import type { Component, Found, MaintenanceView } from "./view.ts";

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

/**
 * Opens an incident where a component has been down for three minutes, and ends those of its own that are over. What staff
 * wrote to is left to them.
 */
export const watchIncidents = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, components: readonly Component[]): Promise<void> => {
    const since = new Date(ctx.now.getTime() - dayMs);
    const { samples, beats, begun } = await looksAt(ctx, since, ctx.now);
    const from = Math.max(since.getTime(), begun ?? ctx.now.getTime());
    for (const component of components) {
      const own = samples.filter((sample) => sample.component === component.id);
      if (own.length === 0) continue;
      const last = spansOf({ samples: own, beats, from, to: ctx.now.getTime() }).at(-1);
      if (last) await transaction(ctx, (ctx) => judge(ctx, component, last));
    }
  },
});

async function judge(
  ctx: AccountContext,
  { id: component, name }: Component,
  { from, to, state }: Span,
): Promise<void> {
  // Two processes that judge the same would otherwise open two.
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`incident:${component}`}))`);
  const [open] = await ctx.db
    .select()
    .from(incidents)
    .where(
      and(isNull(incidents.resolvedAt), isNull(incidents.createdBy), sql`${component} = any(${incidents.components})`),
    );
  if (state === "down" && to - from >= incidentAfterMs && !open) {
    const isPlanned = await ctx.db.$count(maintenances, isUnderWayFor(component, new Date(from), ctx.now));
    if (isPlanned > 0) return;
    const id = newId("incident", ctx.now);
    await ctx.db.insert(incidents).values({
      id,
      title: `${name} does not answer`,
      impact: impactOf(state),
      components: [component],
      startedAt: new Date(from),
      createdAt: ctx.now,
    });
    await say(ctx, id, "investigating", "Our probes get no answer. We are looking into it.", null);
  }
  if (open && state === "up" && !(await isSeenTo(ctx, open.id))) {
    await say(ctx, open.id, "resolved", "Our probes get answers again.", null);
    await ctx.db
      .update(incidents)
      .set({ resolvedAt: new Date(from) })
      .where(eq(incidents.id, open.id));
  }
}

const isUnderWayFor = (component: string, from: Date, now: Date) =>
  and(
    sql`${component} = any(${maintenances.components})`,
    isNull(maintenances.cancelledAt),
    isNotNull(maintenances.toldAt),
    lt(maintenances.startsAt, now),
    gte(maintenances.endsAt, from),
  );

const isSeenTo = async (ctx: AccountContext, id: Id<"incident">): Promise<boolean> =>
  (await ctx.db.$count(incidentUpdates, and(eq(incidentUpdates.incidentId, id), isNotNull(incidentUpdates.by)))) > 0;

async function say(
  ctx: AccountContext,
  incidentId: Id<"incident">,
  state: IncidentState,
  words: string,
  by: string | null,
): Promise<void> {
  const [last] = await ctx.db
    .select({ number: incidentUpdates.number })
    .from(incidentUpdates)
    .where(eq(incidentUpdates.incidentId, incidentId))
    .orderBy(desc(incidentUpdates.number))
    .limit(1);
  const number = (last?.number ?? 0) + 1;
  await ctx.db.insert(incidentUpdates).values({ incidentId, number, state, words, at: ctx.now, by });
}

/** Staff write down what went wrong, also afterwards. */
export const openIncident = command({
  can: "status.decide",
  within: "account",
  input: openIncidentInput,
  run: async (ctx, { words, startedAt: begun, ...rest }): Promise<Id<"incident">> =>
    transaction(ctx, async (ctx) => {
      const startedAt = begun ?? ctx.now;
      if (startedAt > ctx.now)
        throw new AppError("invalid", "An incident cannot begin in the future. Plan maintenance instead.");
      const id = newId("incident", ctx.now);
      await ctx.db.insert(incidents).values({ id, ...rest, startedAt, createdBy: ctx.actor.id, createdAt: ctx.now });
      await say(ctx, id, "investigating", words, ctx.actor.id);
      const { title, impact, components } = rest;
      await writeAudit(ofProvider(ctx), {
        action: "incident.open",
        object: { type: "incident", id },
        after: { title, impact, components, startedAt },
        clause: "T-4.4-SLO1",
      });
      return id;
    }),
});

/** Says more of an incident; `resolved` ends it. */
export const updateIncident = command({
  can: "status.decide",
  within: "account",
  input: updateIncidentInput,
  run: async (ctx, { id, state, words }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const [incident] = await ctx.db.select().from(incidents).where(eq(incidents.id, id)).for("update");
      if (!incident) throw new AppError("not_found", "There is no such incident.");
      await say(ctx, id, state, words, ctx.actor.id);
      const resolvedAt = state === "resolved" ? (incident.resolvedAt ?? ctx.now) : null;
      await ctx.db.update(incidents).set({ resolvedAt }).where(eq(incidents.id, id));
      await writeAudit(ofProvider(ctx), {
        action: "incident.update",
        object: { type: "incident", id },
        after: { state },
        clause: "T-4.4-SLO1",
      });
    }),
});

/** T-4.4-SLO3: plans work that may take a component away. It is excluded only once customers were told before it begins. */
export const planMaintenance = command({
  can: "status.decide",
  within: "account",
  input: planMaintenanceInput,
  run: async (ctx, planned): Promise<Id<"maintenance">> =>
    transaction(ctx, async (ctx) => {
      if (planned.startsAt <= ctx.now)
        throw new AppError("invalid", "Planned work begins in the future. What has begun already is an incident.", {
          fields: { startsAt: ["Choose a moment that is still to come."] },
        });
      const id = newId("maintenance", ctx.now);
      await ctx.db.insert(maintenances).values({ id, ...planned, createdBy: ctx.actor.id, createdAt: ctx.now });
      const { title, components, startsAt, endsAt } = planned;
      await writeAudit(ofProvider(ctx), {
        action: "maintenance.plan",
        object: { type: "maintenance", id },
        after: { title, components, startsAt, endsAt },
        clause: "T-4.4-SLO3",
      });
      return id;
    }),
});

/** Takes planned work back; a window that was cancelled excludes nothing. */
export const cancelMaintenance = command({
  can: "status.decide",
  within: "account",
  input: cancelMaintenanceInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const cancelled = await ctx.db
        .update(maintenances)
        .set({ cancelledAt: ctx.now })
        .where(and(eq(maintenances.id, id), isNull(maintenances.cancelledAt), gte(maintenances.endsAt, ctx.now)))
        .returning();
      if (cancelled.length === 0)
        throw new AppError("conflict", "It is cancelled already, over, or there is no such planned work.");
      await writeAudit(ofProvider(ctx), {
        action: "maintenance.cancel",
        object: { type: "maintenance", id },
        clause: "T-4.4-SLO3",
      });
    }),
});
