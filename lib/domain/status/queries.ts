import { and, asc, desc, eq, gte, inArray, isNull, lt, or } from "drizzle-orm";
import { isId } from "#db/id.ts";
import { incidents, incidentUpdates, maintenances, statusBeats, statusDays, statusSamples } from "#db/schema/status.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays, dayOf, startOfDay } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import type { MaintenanceFacts } from "./letters.ts";
import { holdsMs, isExcluded, spansOf, stateNow, sumsOf, type Window } from "./rules.ts";
import type { Component, ComponentView, IncidentView, MaintenanceView, StatusDesk, StatusSnapshot } from "./view.ts";

/** How many days the page shows. */
export const shownDays = 90;

/** Everything the status page says now. It is public; `components` are those that are looked at. */
export async function statusSnapshot(ctx: AccountContext, components: readonly Component[]): Promise<StatusSnapshot> {
  authorize(ctx.actor, "account.open");
  const planned = await maintenancesSince(ctx);
  return {
    asOf: ctx.now.toISOString(),
    provider: env().PROVIDER_NAME,
    components: await componentViews(ctx, components, planned),
    incidents: await incidentsSince(ctx),
    maintenances: planned,
  };
}

async function componentViews(
  ctx: AccountContext,
  components: readonly Component[],
  planned: readonly MaintenanceView[],
): Promise<ComponentView[]> {
  const first = dayOf(addDays(ctx.now, 1 - shownDays));
  const today = dayOf(ctx.now);
  const [days, { samples, beats, begun }] = await Promise.all([
    ctx.db
      .select()
      .from(statusDays)
      .where(and(gte(statusDays.day, first), lt(statusDays.day, today))),
    looksAt(ctx, startOfDay(today), ctx.now),
  ]);
  return components.map(({ id, name }) => {
    // Before anything was ever looked at, nothing is known of the day.
    const from = Math.max(startOfDay(today).getTime(), begun ?? ctx.now.getTime());
    const own = samples.filter(({ component }) => component === id);
    const spans = spansOf({ samples: own, beats, from, to: ctx.now.getTime() });
    const kept = new Map(days.filter(({ component }) => component === id).map((day) => [day.day, day]));
    return {
      id,
      name,
      state: stateNow(own, ctx.now.getTime()),
      days: Array.from({ length: shownDays }, (_, index) => {
        const day = dayOf(addDays(ctx.now, 1 - shownDays + index));
        if (day === today) return { day, ...sumsOf(spans, windowsOf(planned, id)) };
        const { component: _component, ...sums } = kept.get(day) ?? { ...nothing, component: id };
        return { ...sums, day };
      }),
    };
  });
}

const nothing = { upMs: 0, degradedMs: 0, downMs: 0, excludedMs: 0, unknownMs: 0 };

/** The planned work of a component that is not counted as its being down. */
export function windowsOf(planned: readonly MaintenanceView[], component: string): Window[] {
  return planned
    .filter(({ components }) => components.includes(component))
    .filter(({ startsAt, toldAt, cancelledAt }) =>
      isExcluded({ startsAt: new Date(startsAt), toldAt: asDate(toldAt), cancelledAt: asDate(cancelledAt) }),
    )
    .map(({ startsAt, endsAt }) => ({ from: Date.parse(startsAt), to: Date.parse(endsAt) }));
}

const asDate = (text: string | null): Date | null => (text === null ? null : new Date(text));

type Looks = {
  samples: { component: string; at: number; state: "up" | "degraded" | "down" }[];
  beats: number[];
  /** When a front was there for the first time at all; null: never. */
  begun: number | null;
};

/** What was found in a time, and when a front was there; a little before it too, because what was found holds for a while. */
export async function looksAt(ctx: AccountContext, from: Date, to: Date): Promise<Looks> {
  authorize(ctx.actor, "account.open");
  const since = new Date(from.getTime() - holdsMs);
  const [found, there, [first]] = await Promise.all([
    ctx.db
      .select({ component: statusSamples.component, at: statusSamples.at, state: statusSamples.state })
      .from(statusSamples)
      .where(and(gte(statusSamples.at, since), lt(statusSamples.at, to)))
      .orderBy(asc(statusSamples.at)),
    ctx.db
      .select()
      .from(statusBeats)
      .where(and(gte(statusBeats.at, since), lt(statusBeats.at, to)))
      .orderBy(asc(statusBeats.at)),
    ctx.db.select().from(statusBeats).orderBy(asc(statusBeats.at)).limit(1),
  ]);
  return {
    samples: found.map(({ at, ...rest }) => ({ ...rest, at: at.getTime() })),
    beats: there.map(({ at }) => at.getTime()),
    begun: first?.at.getTime() ?? null,
  };
}

/** The planned work that a notice is about; the notice that it is taken back has an id of its own. */
export async function maintenanceFacts(ctx: AccountContext, aboutId: string): Promise<MaintenanceFacts> {
  authorize(ctx.actor, "status.decide");
  const [id = "", ending] = aboutId.split(":");
  const [found] = isId("maintenance", id)
    ? await ctx.db.select().from(maintenances).where(eq(maintenances.id, id))
    : [];
  if (!found) throw new AppError("not_found", "There is no such planned work.");
  return { ...found, isCancelled: ending === cancelledEnding };
}

/** What the id of a notice ends with that takes planned work back. */
export const cancelledEnding = "cancelled";

/** What was looked at in the last day. */
export async function componentIds(ctx: AccountContext, can: "account.open" | "status.decide"): Promise<string[]> {
  authorize(ctx.actor, can);
  const rows = await ctx.db
    .selectDistinct({ component: statusSamples.component })
    .from(statusSamples)
    .where(gte(statusSamples.at, addDays(ctx.now, -1)))
    .orderBy(asc(statusSamples.component));
  return rows.map(({ component }) => component);
}

/** What the desk shows: incidents and planned work, with what can be written about. */
export async function statusDesk(ctx: AccountContext): Promise<StatusDesk> {
  authorize(ctx.actor, "status.decide");
  const [incidents, maintenances, components] = await Promise.all([
    incidentsSince(ctx),
    maintenancesSince(ctx),
    componentIds(ctx, "status.decide"),
  ]);
  return { incidents, maintenances: maintenances.toReversed(), components };
}

async function incidentsSince(ctx: AccountContext): Promise<IncidentView[]> {
  const rows = await ctx.db
    .select()
    .from(incidents)
    .where(or(isNull(incidents.resolvedAt), gte(incidents.startedAt, addDays(ctx.now, -shownDays))))
    .orderBy(desc(incidents.startedAt), desc(incidents.id));
  const ids = rows.map(({ id }) => id);
  const updates =
    ids.length === 0
      ? []
      : await ctx.db
          .select()
          .from(incidentUpdates)
          .where(inArray(incidentUpdates.incidentId, ids))
          .orderBy(desc(incidentUpdates.number));
  return rows.map(({ id, title, impact, components, startedAt, resolvedAt }) => ({
    id,
    title,
    impact,
    components,
    startedAt: startedAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
    updates: updates
      .filter(({ incidentId }) => incidentId === id)
      .map(({ number, state, words, at }) => ({ number, state, words, at: at.toISOString() })),
  }));
}

async function maintenancesSince(ctx: AccountContext): Promise<MaintenanceView[]> {
  const rows = await ctx.db
    .select()
    .from(maintenances)
    .where(gte(maintenances.endsAt, addDays(ctx.now, -shownDays)))
    .orderBy(asc(maintenances.startsAt), asc(maintenances.id));
  return rows.map(({ id, title, words, components, ...instants }) => ({
    id,
    title,
    words,
    components,
    startsAt: instants.startsAt.toISOString(),
    endsAt: instants.endsAt.toISOString(),
    toldAt: instants.toldAt?.toISOString() ?? null,
    cancelledAt: instants.cancelledAt?.toISOString() ?? null,
    createdAt: instants.createdAt.toISOString(),
  }));
}
