import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { connectionAttempts, connectionDeliveries, connections } from "#db/schema/connections.ts";
import { webhookEvents } from "#db/schema/integrations.ts";
import { sealConnectionSecret } from "#lib/core/connection-secrets.ts";
import type { Context } from "#lib/core/context.ts";

export type TestConnection = { connection: Id<"connection">; connectionDelivery: Id<"connectionDelivery"> };

/** For tests: a chat of a workspace that is told of events, with one on its way; nothing answers at its address. */
export async function testConnectionOf(db: Db, ctx: Context, word: string): Promise<TestConnection> {
  const { organizationId, workspaceId, now: at } = ctx;
  const [id, eventId, delivery] = [newId("connection", at), newId("webhookEvent", at), newId("connectionDelivery", at)];
  await db.insert(connections).values({
    ...({ organizationId, id, connector: "slack", name: `${word} chat`, workspaceId, state: "connected" } as const),
    ...(await sealConnectionSecret({ organizationId, id }, { secretUrl: `http://127.0.0.1:9/${word}` })),
    settings: { events: ["api_key.created"], word },
    createdBy: ctx.actor.id as Id<"user">,
    createdAt: at,
  });
  await db.insert(webhookEvents).values({ organizationId, id: eventId, type: "api_key.created", data: { word }, at });
  const waiting = { organizationId, id: delivery, connectionId: id, eventId, state: "failed" } as const;
  await db.insert(connectionDeliveries).values({ ...waiting, createdAt: at });
  await db.insert(connectionAttempts).values({
    ...({
      organizationId,
      connectionId: id,
      id: newId("connectionAttempt", at),
      kind: "event",
      about: word,
      at,
    } as const),
    ...({ ms: 1, status: 500, outcome: "failing" } as const),
  });
  return { connection: id, connectionDelivery: delivery };
}
