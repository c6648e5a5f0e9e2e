import { and, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { connectionDeliveries, connections } from "#db/schema/connections.ts";
import { webhookEvents } from "#db/schema/integrations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Tried, tried } from "#lib/core/connector-tests/trying.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { bearerHeaders, oauthService } from "#lib/core/oauth.ts";
import { outgoing } from "#lib/core/outgoing/outgoing.ts";
import { chatMessage } from "#lib/core/slack.ts";
import { isBlockedFor, queueForConnection, workspaceOfEvent } from "#lib/core/webhooks/connected.ts";
import { eventDelivery, lineOf } from "#lib/core/webhooks/delivery-job.ts";
import { attemptsMax, bodyOf, type EventType, eventTypes, waitAfter } from "#lib/core/webhooks/events.ts";
import { noteAttempt } from "#lib/domain/connections/attempts/commands.ts";
import { lockConnection, refuseByHand, refuseByRule } from "#lib/domain/connections/commands.ts";
import { replayInput } from "#lib/domain/connections/input.ts";
import { refreshToken } from "#lib/domain/connections/oauth/tokens/commands.ts";
import { secretOf } from "#lib/domain/connections/queries.ts";
import { outcomeOf } from "#lib/domain/connections/rules.ts";

type Delivery = typeof connectionDeliveries.$inferSelect;
type Connection = Pick<typeof connections.$inferSelect, "id" | "connector" | "state">;
type Event = typeof webhookEvents.$inferSelect;
type Found = { delivery: Delivery; connection: Connection; event: Event };

/** Sends an event to a connected service once, and keeps what became of it with what follows from it. */
export const attemptEvent = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: Id<"connectionDelivery">): Promise<void> => {
    const found = await waiting(ctx, id);
    if (!found) return;
    // The rules and the state are read here and nowhere kept, so what is blocked is not sent from the commit on.
    if (!(await maySend(ctx, found))) return end(ctx, found.delivery, "failed");
    const came = await send(ctx, found);
    await transaction(ctx, (ctx) => keep(ctx, found, came));
  },
});

async function waiting(ctx: OrganizationContext, id: Id<"connectionDelivery">): Promise<Found | undefined> {
  const { organizationId } = connectionDeliveries;
  const connection = { id: connections.id, connector: connections.connector, state: connections.state };
  const [found] = await ctx.db
    .select({ delivery: connectionDeliveries, connection, event: webhookEvents })
    .from(connectionDeliveries)
    .innerJoin(
      connections,
      and(eq(connections.organizationId, organizationId), eq(connections.id, connectionDeliveries.connectionId)),
    )
    .innerJoin(
      webhookEvents,
      and(eq(webhookEvents.organizationId, organizationId), eq(webhookEvents.id, connectionDeliveries.eventId)),
    )
    .where(
      and(
        eq(organizationId, ctx.organizationId),
        eq(connectionDeliveries.id, id),
        eq(connectionDeliveries.state, "waiting"),
      ),
    );
  return found;
}

async function maySend(ctx: OrganizationContext, { connection, event }: Found): Promise<boolean> {
  if (connection.state !== "connected" && connection.state !== "failing") return false;
  const blocked = isBlockedFor(workspaceOfEvent(event.type, event.data, event.workspaceId));
  const it = and(eq(connections.organizationId, ctx.organizationId), eq(connections.id, connection.id));
  return (await ctx.db.$count(connections, and(it, sql`not ${blocked}`))) > 0;
}

const aboutOf = (type: string): string => (type in eventTypes ? eventTypes[type as EventType].about : type);

async function send(ctx: OrganizationContext, { connection, event }: Found): Promise<Tried> {
  if (connection.connector === "oauth-generic") return sendSignedIn(ctx, connection, event);
  const { secretUrl = "" } = await secretOf(ctx, connection.id);
  const message = chatMessage({ ...event, about: aboutOf(event.type) });
  return tried(() => outgoing().post(secretUrl, message, { "content-type": "application/json" }));
}

const notRenewed: Tried = { status: null, ms: 0, error: "The token could not be renewed." };

/** The event as webhooks get it, with a token that is good now. */
async function sendSignedIn(ctx: OrganizationContext, { id }: Connection, event: Event): Promise<Tried> {
  await refreshToken(ctx, id);
  const { tokenExpiresAt } = connections;
  const it = and(eq(connections.organizationId, ctx.organizationId), eq(connections.id, id));
  const [found] = await ctx.db.select({ tokenExpiresAt }).from(connections).where(it);
  const service = oauthService();
  if (!service || (found?.tokenExpiresAt && found.tokenExpiresAt <= ctx.now)) return notRenewed;
  const { accessToken = "" } = await secretOf(ctx, id);
  return tried(() => outgoing().post(service.eventsUrl, bodyOf(event), bearerHeaders(accessToken, event.id)));
}

const thisDelivery = ({ organizationId, id }: Delivery) =>
  and(eq(connectionDeliveries.organizationId, organizationId), eq(connectionDeliveries.id, id));

async function end(ctx: OrganizationContext, delivery: Delivery, state: "delivered" | "failed"): Promise<void> {
  await ctx.db
    .update(connectionDeliveries)
    .set({ state, nextAt: null, endedAt: ctx.now })
    .where(and(thisDelivery(delivery), eq(connectionDeliveries.state, "waiting")));
}

async function keep(ctx: OrganizationContext, { delivery, connection, event }: Found, came: Tried): Promise<void> {
  // The connection is locked first, as by what ends it, so neither waits for the other in a ring.
  await ctx.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.organizationId, ctx.organizationId), eq(connections.id, connection.id)))
    .for("update");
  const attempts = delivery.attempts + 1;
  const [counted] = await ctx.db
    .update(connectionDeliveries)
    .set({ attempts })
    .where(
      and(
        thisDelivery(delivery),
        eq(connectionDeliveries.state, "waiting"),
        eq(connectionDeliveries.attempts, delivery.attempts),
      ),
    )
    .returning({ id: connectionDeliveries.id });
  // Another worker has tried it at the same time, because this one seemed to be gone.
  if (!counted) return;
  const about = { kind: "event", about: event.type, deliveryId: delivery.id } as const;
  const state = await noteAttempt(ctx, connection.id, { ...about, ...came });
  if (outcomeOf(came.status) === "ok") return end(ctx, delivery, "delivered");
  if (state !== "failing" || attempts >= attemptsMax) return end(ctx, delivery, "failed");
  const { organizationId, id: deliveryId } = delivery;
  const nextAt = new Date(ctx.now.getTime() + waitAfter(attempts, Math.random()));
  await ctx.db.update(connectionDeliveries).set({ nextAt }).where(thisDelivery(delivery));
  const line = lineOf({ organizationId, endpointId: connection.id, deliveryId });
  await enqueue(ctx, eventDelivery, { organizationId, deliveryId }, { key: deliveryId, runAt: nextAt, line });
}

/** Sends an event to a connected service once more; chats show it twice. */
export const replayEvent = command({
  can: "integrations.write",
  within: "organization",
  input: replayInput,
  run: async (ctx, { delivery }): Promise<Id<"connectionDelivery">> =>
    transaction(ctx, async (ctx) => {
      const { organizationId, id, connectionId, eventId } = connectionDeliveries;
      const [old] = await ctx.db
        .select({ connectionId, eventId })
        .from(connectionDeliveries)
        .where(and(eq(organizationId, ctx.organizationId), eq(id, delivery)));
      if (!old) throw new AppError("not_found", "There is no such delivery.");
      const connection = await lockConnection(ctx, old.connectionId);
      if (connection.state !== "connected" && connection.state !== "failing")
        throw new AppError("conflict", "Nothing is sent to this connection now. Connect or resume it first.");
      await refuseByRule(ctx, connection.connector, connection.workspaceId);
      await refuseByHand(ctx);
      const again = await queueForConnection(ctx, old.connectionId, old.eventId, delivery);
      await writeAudit(ctx, {
        action: "connection.replay",
        object: { type: "connection", id: old.connectionId },
        after: { event: old.eventId, delivery: again },
      });
      return again;
    }),
});
