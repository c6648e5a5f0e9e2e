import { newId } from "#db/id.ts";
import { connectionAttempts, connections, connectorAcknowledgements } from "#db/schema/connections.ts";
import { at, type Seeded } from "./people.ts";
import { daysBefore, type World } from "./world.ts";

/** A chat whose address was taken back: it needs a person to connect it again. */
export async function seedConnections(world: World, { organizationId, userIds }: Seeded): Promise<void> {
  const createdAt = daysBefore(world.now, 40);
  const lostAt = daysBefore(world.now, 2);
  const id = newId("connection", createdAt);
  const userId = at(userIds, 0);
  await world.db.insert(connectorAcknowledgements).values({
    ...({ organizationId, id: newId("connectorAcknowledgement", createdAt), connector: "slack", version: 1 } as const),
    wording: "A short message for each event you choose leaves.",
    userId,
    acknowledgedAt: createdAt,
  });
  await world.db.insert(connections).values({
    ...({ organizationId, id, connector: "slack", name: "#platform-alerts", state: "needs_reconnect" } as const),
    settings: { events: ["limit.threshold_crossed", "limit.reached"] },
    lastOkAt: daysBefore(world.now, 9),
    lastUsedAt: lostAt,
    failingSince: lostAt,
    toldAt: lostAt,
    lastError: "It answered 404.",
    createdBy: userId,
    createdAt,
  });
  const attempt = { organizationId, connectionId: id, kind: "event", about: "limit.threshold_crossed" } as const;
  const taken = { at: daysBefore(world.now, 9), ms: 131, status: 200, outcome: "ok" } as const;
  const refused = { at: lostAt, ms: 96, status: 404, outcome: "needs_reconnect" } as const;
  for (const came of [taken, refused])
    await world.db.insert(connectionAttempts).values({ ...attempt, ...came, id: newId("connectionAttempt", came.at) });
}
