import { and, desc, eq, ne } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { connections, connectorAcknowledgements } from "#db/schema/connections.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { connectorOf } from "#lib/core/connectors.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { ServiceFacts } from "#lib/domain/connections/view.ts";

/** What the register shows of connected services, and of what was read about them. */
export async function serviceFacts(ctx: OrganizationContext): Promise<ServiceFacts> {
  authorize(ctx.actor, "contract.read");
  const { organizationId, connector, version, acknowledgedAt } = connectorAcknowledgements;
  const [live, read] = await Promise.all([
    ctx.db
      .select({ connector: connections.connector, state: connections.state, failingSince: connections.failingSince })
      .from(connections)
      .where(and(eq(connections.organizationId, ctx.organizationId), ne(connections.state, "disconnected"))),
    ctx.db
      .select({ connector, version, at: acknowledgedAt, by: users.name })
      .from(connectorAcknowledgements)
      .leftJoin(users, eq(users.id, connectorAcknowledgements.userId))
      .where(eq(organizationId, ctx.organizationId))
      .orderBy(desc(acknowledgedAt)),
  ]);
  const isRead = (id: (typeof live)[number]["connector"]) =>
    read.some((one) => one.connector === id && one.version === connectorOf(id).disclaimer.version);
  const since = live.flatMap(({ failingSince }) => failingSince ?? []);
  return {
    connected: live.length,
    lost: live.filter(({ state }) => state === "needs_reconnect").length,
    failing: live.filter(({ state }) => state === "failing").length,
    failingSince: since.length > 0 ? new Date(Math.min(...since.map((at) => at.getTime()))) : null,
    unread: new Set(live.map(({ connector }) => connector).filter((id) => !isRead(id))).size,
    lastRead: read[0] ? { service: connectorOf(read[0].connector).name, ...read[0] } : null,
  };
}
