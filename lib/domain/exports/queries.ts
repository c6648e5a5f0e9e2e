import { and, between, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { type Id, timeOf } from "#db/id.ts";
import { connections, connectorRules } from "#db/schema/connections.ts";
import { exportParcels, exportTargets } from "#db/schema/exports.ts";
import { usageEvents } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { type LeavingEvent, leavingColumns, patienceDays } from "./rules.ts";
import type { ExportFileView } from "./view.ts";

const columns = Object.fromEntries(leavingColumns.map((name) => [name, usageEvents[name]])) as {
  [Name in (typeof leavingColumns)[number]]: (typeof usageEvents)[Name];
};

export const itsTarget = ({ organizationId }: OrganizationContext, id: Id<"connection">) =>
  and(eq(exportTargets.organizationId, organizationId), eq(exportTargets.connectionId, id));

export const waitingParcels = ({ organizationId }: OrganizationContext, id: Id<"connection">) =>
  and(
    eq(exportParcels.organizationId, organizationId),
    eq(exportParcels.connectionId, id),
    isNull(exportParcels.sentAt),
    isNull(exportParcels.droppedAt),
  );

type Asked = {
  connectionId: Id<"connection">;
  events: readonly Id<"request">[];
  workspaces: readonly Id<"workspace">[];
};

const atOnce = 1000;

/**
 * What leaves of some events, in their order; of a workspace in which the service is blocked now, nothing does. It is read
 * when it leaves, so an end user who was forgotten meanwhile is forgotten here too.
 */
export async function leavingEvents(ctx: OrganizationContext, asked: Asked): Promise<LeavingEvent[]> {
  authorize(ctx.actor, "system.operate");
  const blocked = new Set(await blockedFor(ctx, asked.connectionId));
  const wanted = asked.events.filter((_, n) => !blocked.has(asked.workspaces[n] ?? ""));
  const workspaces = [...new Set(asked.workspaces)];
  const found = new Map<string, LeavingEvent>();
  const read = async (ids: readonly Id<"request">[], when?: SQL): Promise<void> => {
    if (ids.length === 0) return;
    const these = and(
      eq(usageEvents.organizationId, ctx.organizationId),
      inArray(usageEvents.workspaceId, workspaces),
      inArray(usageEvents.id, [...ids]),
      when,
    );
    for (const event of await ctx.db.select(columns).from(usageEvents).where(these)) found.set(event.id, event);
  };
  for (let from = 0; from < wanted.length; from += atOnce) {
    const ids = wanted.slice(from, from + atOnce);
    const times = ids.map((id) => timeOf(id).getTime());
    const [first, last] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
    // Ids tell the month of nearly all; a fee can be of another month than its id.
    await read(ids, between(usageEvents.at, addDays(first, -1), addDays(last, 1)));
    await read(ids.filter((id) => !found.has(id)));
  }
  return wanted.flatMap((id) => found.get(id) ?? []);
}

/** The connections that something waits for now, which are sent to and in no one's hand. */
export async function dueExports(
  ctx: AccountContext,
): Promise<{ organizationId: Id<"organization">; connectionId: Id<"connection"> }[]> {
  authorize(ctx.actor, "system.operate");
  const now = ctx.now.toISOString();
  return ctx.db.execute(sql`
    select target.organization_id as "organizationId", target.connection_id as "connectionId" from export_targets as target
    join connections on connections.organization_id = target.organization_id and connections.id = target.connection_id
    where connections.state in ('connected', 'failing') and coalesce(next_at <= ${now}::timestamptz, true)
      and coalesce(claimed_until <= ${now}::timestamptz, true)
      and (exists (select from export_parcels as parcel where parcel.organization_id = target.organization_id
          and parcel.connection_id = target.connection_id and sent_at is null and dropped_at is null)
        or (target.connector <> 's3-usage' and exists (select from usage_exports as queued
          where queued.organization_id = target.organization_id and queued.connection_id = target.connection_id)))`);
}

/** The connections that files are written for. */
export async function fileTargets(
  ctx: AccountContext,
): Promise<{ organizationId: Id<"organization">; connectionId: Id<"connection"> }[]> {
  authorize(ctx.actor, "system.operate");
  const { organizationId, connectionId, connector } = exportTargets;
  return ctx.db.select({ organizationId, connectionId }).from(exportTargets).where(eq(connector, "s3-usage"));
}

/** The connections that have waited for longer than we keep what waits. */
export async function overdueExports(
  ctx: AccountContext,
): Promise<{ organizationId: Id<"organization">; connectionId: Id<"connection"> }[]> {
  authorize(ctx.actor, "system.operate");
  const since = addDays(ctx.now, -patienceDays).toISOString();
  return ctx.db.execute(sql`
    select target.organization_id as "organizationId", target.connection_id as "connectionId" from export_targets as target,
      lateral (select at from usage_exports as queued where queued.organization_id = target.organization_id
          and queued.connection_id = target.connection_id order by seq limit 1) as first (at)
      where first.at < ${since}::timestamptz
    union select organization_id, connection_id from export_parcels
      where sent_at is null and dropped_at is null and first_at < ${since}::timestamptz`);
}

async function blockedFor(ctx: OrganizationContext, id: Id<"connection">): Promise<string[]> {
  const rows = await ctx.db
    .select({ id: connectorRules.workspaceId })
    .from(connectorRules)
    .innerJoin(
      connections,
      and(
        eq(connections.organizationId, connectorRules.organizationId),
        eq(connections.connector, connectorRules.connector),
      ),
    )
    .where(
      and(
        eq(connectorRules.organizationId, ctx.organizationId),
        eq(connections.id, id),
        eq(connectorRules.rule, "blocked"),
      ),
    );
  return rows.flatMap((row) => row.id ?? []);
}

/** The files of usage that were written or wait, the newest first. */
export async function exportFiles(
  ctx: OrganizationContext,
  { limit, offset }: { limit: number; offset: number },
): Promise<ExportFileView[]> {
  authorize(ctx.actor, "integrations.read");
  const { connectionId, number, name, startsAt, boundAt, sentAt, droppedAt, count, bytes, sha256 } = exportParcels;
  return ctx.db
    .select({ connectionId, number, name, hour: startsAt, boundAt, sentAt, droppedAt, count, bytes, sha256 })
    .from(exportParcels)
    .where(and(eq(exportParcels.organizationId, ctx.organizationId), eq(exportParcels.kind, "file")))
    .orderBy(desc(boundAt), desc(connectionId), desc(number))
    .limit(limit)
    .offset(offset);
}
