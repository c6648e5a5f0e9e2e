import { and, eq, isNull, sql } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { webhookDeliveries, webhookEndpoints, webhookEvents } from "#db/schema/integrations.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { connectionsTold, queueForConnection, workspaceOfEvent } from "./connected.ts";
import { lineOf, webhookDelivery } from "./delivery-job.ts";
import type { EventData, EventType } from "./events.ts";

/**
 * Tells the organization's webhooks and connected services what happened, in the transaction that does it: the event, one
 * delivery for each that asked for its type, and their jobs exist exactly when the change does. Never put a secret in the data.
 */
export async function publishWebhookEvent<T extends EventType>(
  ctx: OrganizationContext | Context,
  type: T,
  data: EventData<T>,
): Promise<void> {
  const { organizationId } = ctx;
  const endpoints = await ctx.db
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.organizationId, organizationId),
        webhookEndpoints.enabled,
        isNull(webhookEndpoints.deletedAt),
        sql`${type} = any(${webhookEndpoints.eventTypes})`,
      ),
    );
  const workspaceId = "workspaceId" in ctx ? ctx.workspaceId : null;
  const connected = await connectionsTold(ctx, type, workspaceOfEvent(type, data, workspaceId));
  if (endpoints.length === 0 && connected.length === 0) return;
  const eventId = newId("webhookEvent", ctx.now);
  await ctx.db.insert(webhookEvents).values({ organizationId, id: eventId, workspaceId, type, data, at: ctx.now });
  for (const { id } of connected) await queueForConnection(ctx, id, eventId);
  for (const { id: endpointId } of endpoints) {
    const id = newId("webhookDelivery", ctx.now);
    const delivery = { organizationId, id, endpointId, eventId, state: "waiting", createdAt: ctx.now } as const;
    await ctx.db.insert(webhookDeliveries).values({ ...delivery, nextAt: ctx.now });
    await enqueue(
      ctx,
      webhookDelivery,
      { organizationId, deliveryId: id },
      { key: id, line: lineOf({ ...delivery, deliveryId: id }) },
    );
  }
}
