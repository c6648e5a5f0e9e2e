import { and, asc, desc, eq, inArray, isNull, ne, or, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { connectionAttempts, connections, connectorRules } from "#db/schema/connections.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import { type ConnectorId, connectorOf, connectors } from "#lib/core/connectors.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { oauthService } from "#lib/core/oauth.ts";
import { isAcknowledged, ruleFor } from "#lib/domain/connections/queries.ts";
import { attemptsKept, strictest } from "#lib/domain/connections/rules.ts";
import type {
  ConnectionAttemptView,
  ConnectionView,
  ConnectorCard,
  ConnectorPage,
  RulesPage,
} from "#lib/domain/connections/view.ts";

// Never what is sealed: what is not selected cannot leak.
const shown = {
  id: connections.id,
  connector: connections.connector,
  name: connections.name,
  workspaceId: connections.workspaceId,
  workspaceName: workspaces.name,
  state: connections.state,
  settings: connections.settings,
  last4: connections.last4,
  scopes: connections.scopes,
  tokenExpiresAt: connections.tokenExpiresAt,
  lastOkAt: connections.lastOkAt,
  lastUsedAt: connections.lastUsedAt,
  failingSince: connections.failingSince,
  lastError: connections.lastError,
  pausedReason: connections.pausedReason,
  gapFrom: connections.gapFrom,
  gapUntil: connections.gapUntil,
  createdBy: connections.createdBy,
  createdByName: users.name,
  createdAt: connections.createdAt,
  endedAt: connections.endedAt,
  isBlocked: sql<boolean>`exists (select from ${connectorRules} where ${connectorRules.organizationId} = ${connections.organizationId}
    and ${connectorRules.connector} = ${connections.connector} and ${connectorRules.rule} = 'blocked'
    and (${connectorRules.workspaceId} is null or ${connectorRules.workspaceId} = ${connections.workspaceId}))`,
};

/** An admin sees every connection; who builds in a workspace, those of it and those of the organization. */
function visible(ctx: OrganizationContext | Context) {
  const mine = eq(connections.organizationId, ctx.organizationId);
  if (can(ctx.actor, "integrations.restrict")) return mine;
  const here = "workspaceId" in ctx ? eq(connections.workspaceId, ctx.workspaceId) : undefined;
  return and(mine, or(isNull(connections.workspaceId), here));
}

const select = (ctx: OrganizationContext) =>
  ctx.db
    .select(shown)
    .from(connections)
    .leftJoin(
      workspaces,
      and(eq(workspaces.organizationId, connections.organizationId), eq(workspaces.id, connections.workspaceId)),
    )
    .leftJoin(users, eq(users.id, connections.createdBy))
    .$dynamic();

/** What is connected, and what was; the disconnected last. */
export async function connectionsHere(ctx: OrganizationContext): Promise<ConnectionView[]> {
  authorize(ctx.actor, "integrations.read");
  return select(ctx)
    .where(visible(ctx))
    .orderBy(asc(sql`${connections.state} = 'disconnected'`), asc(connections.id))
    .limit(200);
}

/** The services there are here: the one that is signed in to only where the operator set it up. */
const offered = (): ConnectorId[] =>
  (Object.keys(connectors) as ConnectorId[]).filter(
    (id) => connectorOf(id).auth !== "oauth" || oauthService() !== null,
  );

/** What customers see a service called. */
export const nameOf = (connector: ConnectorId): string =>
  (connectorOf(connector).auth === "oauth" && oauthService()?.name) || connectorOf(connector).name;

/** The directory: every service with what leaves for it, who can connect it, and what is connected. */
export async function connectorDirectory(ctx: Context): Promise<ConnectorCard[]> {
  authorize(ctx.actor, "integrations.read");
  const live = and(visible(ctx), ne(connections.state, "disconnected"));
  const [connected, rules] = await Promise.all([
    select(ctx).where(live).orderBy(asc(connections.id)),
    ctx.db.select().from(connectorRules).where(eq(connectorRules.organizationId, ctx.organizationId)),
  ]);
  return offered().map((id) => {
    const { about, leaves } = connectorOf(id);
    const mine = rules.filter(({ connector }) => connector === id);
    const here = mine.filter(({ workspaceId }) => workspaceId === null || workspaceId === ctx.workspaceId);
    return {
      ...{ id, name: nameOf(id), about, leaves, rule: strictest(here.map(({ rule }) => rule)) },
      hasRules: mine.some(({ rule }) => rule !== "allowed"),
      connections: connected.filter(({ connector }) => connector === id),
    };
  });
}

function offeredAs(text: string): ConnectorId {
  const found = offered().find((id) => id === text);
  if (!found) throw new AppError("not_found", "There is no such service.");
  return found;
}

/** What the page that connects a service needs. */
export async function connectorPage(ctx: Context, text: string): Promise<ConnectorPage> {
  authorize(ctx.actor, "integrations.read");
  const id = offeredAs(text);
  return {
    ...{ id, name: nameOf(id) },
    rule: await ruleFor(ctx, id, ctx.workspaceId),
    isAcknowledged: await isAcknowledged(ctx, id),
  };
}

/** Which rule is set for a service, for all and for each workspace. */
export async function rulesPage(ctx: OrganizationContext, text: string): Promise<RulesPage> {
  authorize(ctx.actor, "integrations.restrict");
  const id = offeredAs(text);
  const { workspaceId, rule, organizationId, connector } = connectorRules;
  const [set, places] = await Promise.all([
    ctx.db
      .select({ workspaceId, rule })
      .from(connectorRules)
      .where(and(eq(organizationId, ctx.organizationId), eq(connector, id))),
    ctx.db
      .select({ id: workspaces.id, name: workspaces.name })
      .from(workspaces)
      .where(and(eq(workspaces.organizationId, ctx.organizationId), isNull(workspaces.archivedAt)))
      .orderBy(asc(workspaces.id)),
  ]);
  const ruleOf = (place: Id<"workspace"> | null) =>
    set.find(({ workspaceId }) => workspaceId === place)?.rule ?? "allowed";
  return {
    ...{ id, name: nameOf(id), all: ruleOf(null) },
    workspaces: places.map((place) => ({ ...place, rule: ruleOf(place.id) })),
  };
}

/** One connection; what is not there, or not theirs to see, is not found. */
export async function connectionOf(ctx: OrganizationContext, text: string): Promise<ConnectionView> {
  authorize(ctx.actor, "integrations.read");
  const [found] = isId("connection", text) ? await select(ctx).where(and(visible(ctx), eq(connections.id, text))) : [];
  if (!found) throw new AppError("not_found", "There is no such connection.");
  return found;
}

/** The last attempts of a connection, the newest first. */
export async function attemptsHere(
  ctx: OrganizationContext,
  connection: Id<"connection">,
): Promise<ConnectionAttemptView[]> {
  authorize(ctx.actor, "integrations.read");
  const { id, kind, about, deliveryId, at, ms, status, outcome, error } = connectionAttempts;
  const seen = ctx.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(visible(ctx), eq(connections.id, connection)));
  return ctx.db
    .select({ id, kind, about, deliveryId, at, ms, status, outcome, error })
    .from(connectionAttempts)
    .where(
      and(eq(connectionAttempts.organizationId, ctx.organizationId), inArray(connectionAttempts.connectionId, seen)),
    )
    .orderBy(desc(id))
    .limit(attemptsKept);
}
