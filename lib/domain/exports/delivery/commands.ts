import { createHash } from "node:crypto";
import { and, asc, eq, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { connections } from "#db/schema/connections.ts";
import { exportParcels, exportTargets } from "#db/schema/exports.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import type { ConnectionSecret } from "#lib/core/connection-secrets.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { receivers, sendOtlp } from "#lib/core/otlp/receiver.ts";
import { outgoing } from "#lib/core/outgoing/outgoing.ts";
import type { Sent } from "#lib/core/outgoing/sent.ts";
import { callShelf, shelfOf } from "#lib/core/storage/bucket-of-others.ts";
import { isTaken, waitAfter } from "#lib/core/webhooks/events.ts";
import { noteAttempt } from "#lib/domain/connections/attempts/commands.ts";
import { isLive, secretOf } from "#lib/domain/connections/queries.ts";
import { bindSpans, type Parcel, type Target } from "#lib/domain/exports/binding/commands.ts";
import { fileBytes, manifestText, schemaName, schemaText } from "#lib/domain/exports/files/rules.ts";
import { metricsBody } from "#lib/domain/exports/metrics/rules.ts";
import { itsTarget, leavingEvents, waitingParcels } from "#lib/domain/exports/queries.ts";
import { claimSeconds, pauseAsked } from "#lib/domain/exports/rules.ts";
import { tracedOf, tracesBody } from "#lib/domain/exports/spans/rules.ts";

type ConnectionId = Id<"connection">;

type Work = { target: Target; parcel: Parcel; given: { settings: Record<string, unknown>; secret: ConnectionSecret } };

/** What came of a parcel; nothing where there was nothing to send. */
type Came = { sent: Sent | null; about: string; changes?: Partial<Parcel> };

const itsParcel = ({ organizationId, connectionId, number }: Parcel) =>
  and(
    eq(exportParcels.organizationId, organizationId),
    eq(exportParcels.connectionId, connectionId),
    eq(exportParcels.number, number),
  );

/** Sends the next parcel of a connection, if it is this worker's turn; says whether another may follow. */
export const sendNextParcel = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: ConnectionId, worker: string): Promise<boolean> => {
    const work = await transaction(ctx, (ctx) => claim(ctx, id, worker));
    if (!work) return false;
    const came = await (work.parcel.kind === "spans" ? sendSpans(ctx, work) : sendObject(ctx, work));
    const isDone = came.sent === null || isTaken(came.sent.status);
    await transaction(ctx, async (ctx) => {
      if (came.sent) {
        const { status, ms, error } = came.sent;
        await noteAttempt(ctx, id, { kind: "export", about: came.about, status, ms, error });
      }
      if (isDone) await finish(ctx, work.parcel, came);
      else await putOff(ctx, work.target, came.sent);
    });
    return isDone;
  },
});

/**
 * Takes a connection in hand for a while, so that a worker that is killed holds it no longer. What is to be sent is bound
 * in the same transaction, before anything leaves.
 */
async function claim(ctx: OrganizationContext, id: ConnectionId, worker: string): Promise<Work | null> {
  const { claimedBy, claimedUntil, nextAt } = exportTargets;
  const isFree = or(isNull(claimedUntil), lte(claimedUntil, ctx.now), eq(claimedBy, worker));
  const isDue = or(isNull(nextAt), lte(nextAt, ctx.now));
  const [target] = await ctx.db
    .select()
    .from(exportTargets)
    .where(and(itsTarget(ctx, id), isFree, isDue))
    .for("no key update", { skipLocked: true });
  if (!target || !(await isLive(ctx, id))) return null;
  const parcel =
    (await firstWaiting(ctx, id)) ?? (target.connector === "s3-usage" ? null : await bindSpans(ctx, target));
  const until = new Date(ctx.now.getTime() + claimSeconds * 1000);
  await ctx.db
    .update(exportTargets)
    .set(parcel ? { claimedBy: worker, claimedUntil: until } : { claimedBy: null, claimedUntil: null })
    .where(itsTarget(ctx, id));
  if (!parcel) return null;
  const [connection] = await ctx.db
    .select({ settings: connections.settings })
    .from(connections)
    .where(and(eq(connections.organizationId, ctx.organizationId), eq(connections.id, id)));
  return { target, parcel, given: { settings: connection?.settings ?? {}, secret: await secretOf(ctx, id) } };
}

async function firstWaiting(ctx: OrganizationContext, id: ConnectionId): Promise<Parcel | undefined> {
  const [first] = await ctx.db
    .select()
    .from(exportParcels)
    .where(waitingParcels(ctx, id))
    .orderBy(asc(exportParcels.number))
    .limit(1);
  return first;
}

/** Traces first, then metrics; what has arrived of the two is not sent again. */
async function sendSpans(ctx: OrganizationContext, { target, parcel, given }: Work): Promise<Came> {
  const events = tracedOf(await leavingEvents(ctx, parcel));
  const about = `${events.length} requests`;
  if (events.length === 0) return { sent: null, about };
  const receiver = receivers[target.connector === "langfuse" ? "langfuse" : "otlp"](given);
  const provider = env().PROVIDER_NAME;
  let sent: Sent | null = null;
  if (receiver.traces && !parcel.tracedAt) {
    sent = await sendOtlp(outgoing(), receiver.traces, receiver, tracesBody(events, provider));
    if (!isTaken(sent.status)) return { sent, about };
    await ctx.db.update(exportParcels).set({ tracedAt: ctx.now }).where(itsParcel(parcel));
  }
  const { note } = sent ?? { note: null };
  if (receiver.metrics)
    sent = await sendOtlp(outgoing(), receiver.metrics, receiver, metricsBody(events, provider, parcel));
  return { sent, about: [about, note ?? sent?.note].filter(Boolean).join(": ") };
}

async function sendObject(ctx: OrganizationContext, work: Work): Promise<Came> {
  const { parcel, given } = work;
  const shelf = shelfOf(given.settings, given.secret);
  const put = (name: string, body: Buffer): Promise<Sent> =>
    callShelf(outgoing(), shelf, { method: "PUT", name, body });
  const about = parcel.name;
  if (parcel.kind === "file") {
    const events = await leavingEvents(ctx, parcel);
    const body = await fileBytes(events);
    const sha256 = createHash("sha256").update(body).digest("hex");
    const changes = { count: events.length, bytes: body.length, sha256 };
    return { sent: await put(parcel.name, body), about, changes };
  }
  const schema = await put(schemaName, Buffer.from(schemaText()));
  if (!isTaken(schema.status)) return { sent: schema, about };
  const manifest = manifestText(parcel.startsAt, await filesOf(ctx, parcel));
  return { sent: await put(parcel.name, Buffer.from(manifest)), about };
}

/** The files of an hour, all of which are written by now. */
const filesOf = (ctx: OrganizationContext, { connectionId, startsAt }: Parcel) =>
  ctx.db
    .select({
      name: exportParcels.name,
      count: exportParcels.count,
      bytes: exportParcels.bytes,
      sha256: exportParcels.sha256,
    })
    .from(exportParcels)
    .where(
      and(
        eq(exportParcels.organizationId, ctx.organizationId),
        eq(exportParcels.connectionId, connectionId),
        eq(exportParcels.startsAt, startsAt),
        eq(exportParcels.kind, "file"),
        isNotNull(exportParcels.sentAt),
      ),
    )
    .orderBy(asc(exportParcels.number));

/** Files stay listed without their events; of spans nothing stays. */
async function finish(ctx: OrganizationContext, parcel: Parcel, { changes }: Came): Promise<void> {
  await ctx.db.update(exportTargets).set({ attempts: 0, nextAt: null }).where(itsTarget(ctx, parcel.connectionId));
  const waiting = and(itsParcel(parcel), waitingParcels(ctx, parcel.connectionId));
  if (parcel.kind !== "file") await ctx.db.delete(exportParcels).where(waiting);
  else
    await ctx.db
      .update(exportParcels)
      .set({ ...changes, sentAt: ctx.now, events: [], workspaces: [] })
      .where(waiting);
}

/** Left alone for as long as failures before it suggest, and as the other side asks. */
async function putOff(ctx: OrganizationContext, target: Target, sent: Sent | null): Promise<void> {
  const attempts = target.attempts + 1;
  const wait = Math.max(waitAfter(attempts, Math.random()), pauseAsked(sent?.retryAfter ?? null, ctx.now) ?? 0);
  const nextAt = new Date(ctx.now.getTime() + wait);
  await ctx.db
    .update(exportTargets)
    .set({ attempts, nextAt, claimedBy: null, claimedUntil: null })
    .where(itsTarget(ctx, target.connectionId));
}

/** Lets go of a connection at the end of a run, so that the next need not wait. */
export const releaseExports = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: ConnectionId, worker: string): Promise<void> => {
    await ctx.db
      .update(exportTargets)
      .set({ claimedBy: null, claimedUntil: null })
      .where(and(itsTarget(ctx, id), eq(exportTargets.claimedBy, worker)));
  },
});

/** Gives up what has waited for too long, whatever keeps it from leaving; the connection's page tells what is missing. */
export const dropOverdue = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: ConnectionId): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const now = ctx.now.toISOString();
      await ctx.db.execute(sql`select stop_exports(${ctx.organizationId}, ${id}, ${now}::timestamptz, true)`);
      await writeAudit(ctx, {
        action: "connection.drop-queue",
        object: { type: "connection", id },
        clause: "T-4.2.1-TPS1",
      });
    }),
});
