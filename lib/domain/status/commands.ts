import { and, desc, eq, gte, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { incidents, incidentUpdates, maintenances } from "#db/schema/status.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { dayMs } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { announce } from "#lib/domain/notices/legal/commands.ts";
import type { LegalNotice } from "#lib/domain/notices/legal/view.ts";
import { cancelMaintenanceInput, openIncidentInput, planMaintenanceInput, updateIncidentInput } from "./input.ts";
import { cancelledEnding, looksAt, maintenanceFacts } from "./queries.ts";
import { type IncidentState, impactOf, incidentAfterMs, type Span, spansOf } from "./rules.ts";
import { tell } from "./subscriptions/commands.ts";
import type { Component } from "./view.ts";

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
  await tell(ctx, { incidentId, number });
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
      await announce(ctx, { about: "maintenance", aboutId: id, clause: "T-4.4-SLO3", plannedAt: planned.startsAt });
      await tell(ctx, { maintenanceId: id, number: 1 });
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
      const aboutId = `${id}:${cancelledEnding}`;
      await announce(ctx, { about: "maintenance", aboutId, clause: "T-4.4-SLO3", plannedAt: ctx.now });
      await tell(ctx, { maintenanceId: id, number: 2 });
      await writeAudit(ofProvider(ctx), {
        action: "maintenance.cancel",
        object: { type: "maintenance", id },
        clause: "T-4.4-SLO3",
      });
    }),
});

/** Webhooks hear of planned work with the letter. */
export const tellMaintenance = part(async (ctx: OrganizationContext, { aboutId }: LegalNotice): Promise<void> => {
  const { title, components, startsAt, endsAt, isCancelled } = await maintenanceFacts(ctx, aboutId);
  await publishWebhookEvent(ctx, "maintenance.scheduled", {
    title,
    components: [...components],
    starts_at: startsAt.toISOString(),
    ends_at: endsAt.toISOString(),
    cancelled: isCancelled,
  });
});

/**
 * T-4.4-SLO3: notes when the last customer was told of planned work. The instant is that of the notice, however late this runs;
 * where there are no customers to tell, it is that of the announcement.
 */
export const noteTold = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.execute(sql`update ${maintenances} set told_at = coalesce((select max(noticed_at) from legal_notices
        where about = 'maintenance' and about_id = ${maintenances.id}), run.announced_at)
      from notice_runs as run where run.about = 'maintenance' and run.about_id = ${maintenances.id}
        and run.effective_at is not null and ${maintenances.toldAt} is null`);
  },
});
