import { and, eq, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { connections, connectorAcknowledgements, connectorRules } from "#db/schema/connections.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type ConnectionSecret, openConnectionSecret } from "#lib/core/connection-secrets.ts";
import { type ConnectorId, type ConnectorRule, connectorOf } from "#lib/core/connectors.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { isBlockedFor } from "#lib/core/webhooks/connected.ts";
import { strictest } from "./rules.ts";

const isBlocked = isBlockedFor(null);

/** Whether a worker may send to a connection at this moment. It is asked before each attempt. */
export async function isLive(ctx: OrganizationContext, id: Id<"connection">): Promise<boolean> {
  authorize(ctx.actor, "system.operate");
  const live = and(
    eq(connections.organizationId, ctx.organizationId),
    eq(connections.id, id),
    inArray(connections.state, ["connected", "failing"]),
    sql`not ${isBlocked}`,
  );
  return (await ctx.db.$count(connections, live)) > 0;
}

/** The secret of a connection, opened for a worker that is about to use it. It is kept nowhere and logged nowhere. */
export async function secretOf(ctx: OrganizationContext, id: Id<"connection">): Promise<ConnectionSecret> {
  authorize(ctx.actor, "system.operate");
  const { organizationId, key, sealedSecret } = connections;
  const [row] = await ctx.db
    .select({ organizationId, id: connections.id, key, sealedSecret })
    .from(connections)
    .where(and(eq(organizationId, ctx.organizationId), eq(connections.id, id)));
  if (!row?.sealedSecret) throw new AppError("not_found", "There is no such connection, or it is disconnected.");
  return openConnectionSecret(row);
}

/** Which rule applies to a service in a workspace, or for the whole organization. */
export async function ruleFor(
  ctx: OrganizationContext,
  connector: ConnectorId,
  workspaceId: Id<"workspace"> | null,
): Promise<ConnectorRule> {
  authorize(ctx.actor, "integrations.read");
  const rows = await ctx.db
    .select({ rule: connectorRules.rule })
    .from(connectorRules)
    .where(
      and(
        eq(connectorRules.organizationId, ctx.organizationId),
        eq(connectorRules.connector, connector),
        or(isNull(connectorRules.workspaceId), workspaceId ? eq(connectorRules.workspaceId, workspaceId) : undefined),
      ),
    );
  return strictest(rows.map(({ rule }) => rule));
}

/** Whether a person of the organization read what we say about a service, in the wording of today. */
export async function isAcknowledged(ctx: OrganizationContext, connector: ConnectorId): Promise<boolean> {
  authorize(ctx.actor, "integrations.read");
  const read = and(
    eq(connectorAcknowledgements.organizationId, ctx.organizationId),
    eq(connectorAcknowledgements.connector, connector),
    eq(connectorAcknowledgements.version, connectorOf(connector).disclaimer.version),
  );
  return (await ctx.db.$count(connectorAcknowledgements, read)) > 0;
}

/** How many connections have a secret. */
export async function sealedConnections(ctx: AccountContext): Promise<number> {
  authorize(ctx.actor, "system.operate");
  return ctx.db.$count(connections, isNotNull(connections.sealedSecret));
}
