import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { connectionDeliveries, connections, connectorRules } from "#db/schema/connections.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { eventDelivery, lineOf } from "./delivery-job.ts";

/** The connectors that are told of events. */
const told = ["slack", "oauth-generic"] as const;

/**
 * The workspace an event is about, or null where it is about the organization. What people of one workspace connected
 * hears of that workspace alone.
 */
export function workspaceOfEvent(
  type: string,
  data: Record<string, unknown>,
  workspaceId: Id<"workspace"> | null,
): Id<"workspace"> | null {
  if (typeof data.workspace_id === "string" && data.scope !== "organization")
    return data.workspace_id as Id<"workspace">;
  return type.startsWith("api_key.") ? workspaceId : null;
}

/** The connections that asked for a type of event, without those that a rule blocks for them or for its workspace. */
export function connectionsTold(
  ctx: OrganizationContext | Context,
  type: string,
  about: Id<"workspace"> | null,
): Promise<{ id: Id<"connection"> }[]> {
  const { organizationId, workspaceId, connector, state, settings, id } = connections;
  return ctx.db
    .select({ id })
    .from(connections)
    .where(
      and(
        eq(organizationId, ctx.organizationId),
        inArray(connector, [...told]),
        inArray(state, ["connected", "failing"]),
        or(isNull(workspaceId), about ? eq(workspaceId, about) : undefined),
        sql`${settings} -> 'events' ? ${type}`,
        sql`not ${isBlockedFor(about)}`,
      ),
    );
}

/** Whether a rule blocks a connection's service: for all, for its workspace, or for the one an event is about. */
export const isBlockedFor = (about: Id<"workspace"> | null) =>
  sql`exists (select from ${connectorRules} where ${connectorRules.organizationId} = ${connections.organizationId}
    and ${connectorRules.connector} = ${connections.connector} and ${connectorRules.rule} = 'blocked'
    and (${connectorRules.workspaceId} is null or ${connectorRules.workspaceId} in (${connections.workspaceId}, ${about}::text)))`;

/** Queues an event for a connection, in the transaction of the change it tells of. */
export async function queueForConnection(
  ctx: OrganizationContext,
  connectionId: Id<"connection">,
  eventId: Id<"webhookEvent">,
  replayOf: Id<"connectionDelivery"> | null = null,
): Promise<Id<"connectionDelivery">> {
  const { organizationId, now: createdAt } = ctx;
  const id = newId("connectionDelivery", createdAt);
  const delivery = { organizationId, id, connectionId, eventId, replayOf, state: "waiting" as const };
  await ctx.db.insert(connectionDeliveries).values({ ...delivery, createdAt, nextAt: createdAt });
  const line = lineOf({ organizationId, endpointId: connectionId, deliveryId: id });
  await enqueue(ctx, eventDelivery, { organizationId, deliveryId: id }, { key: id, line });
  return id;
}
