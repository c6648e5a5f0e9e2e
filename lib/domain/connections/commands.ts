import { and, count, eq, gt, inArray, isNotNull, ne } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import {
  connectionAttempts,
  connectionDeliveries,
  connections,
  connectorAcknowledgements,
} from "#db/schema/connections.ts";
import { can } from "#lib/core/access/authorize.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { openConnectionSecret } from "#lib/core/connection-secrets.ts";
import { connectorTests } from "#lib/core/connector-tests/registry.ts";
import { type ConnectorId, connectorOf } from "#lib/core/connectors.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { outgoing } from "#lib/core/outgoing/outgoing.ts";
import { cancelDeadline } from "#lib/domain/deadlines/commands.ts";
import { noteAttempt } from "./attempts/commands.ts";
import { connectionInput } from "./input.ts";
import { endingMinutes } from "./oauth/rules.ts";
import { revoking } from "./oauth/tokens/input.ts";
import { isAcknowledged, ruleFor } from "./queries.ts";
import { type AttemptOutcome, byHandMax, type ConnectionState, connectionsMax, outcomeOf } from "./rules.ts";

type Connection = typeof connections.$inferSelect;
type ConnectionId = Id<"connection">;

const its = ({ organizationId }: OrganizationContext, id: ConnectionId) =>
  and(eq(connections.organizationId, organizationId), eq(connections.id, id));

/** Blocked for all, restricted to admins, or allowed to those who build in the workspace. */
export const refuseByRule = part(
  async (ctx: OrganizationContext, connector: ConnectorId, workspaceId: Id<"workspace"> | null): Promise<void> => {
    const rule = await ruleFor(ctx, connector, workspaceId);
    const { name } = connectorOf(connector);
    if (rule === "blocked")
      throw new AppError(
        "conflict",
        `${name} is blocked here. An organization admin can allow it under Integrations.`,
        {
          code: "connector_blocked",
        },
      );
    if (can(ctx.actor, "integrations.restrict")) return;
    if (workspaceId === null)
      throw new AppError("forbidden", "Only an organization admin can connect a service for the whole organization.");
    if (rule === "restricted") throw new AppError("forbidden", `Only an organization admin can connect ${name} here.`);
  },
);

/** T-4.2.1-TPS2: keeps that a person read what we say about a service, or refuses where the wording of today was not read. */
export const acknowledge = part(
  async (ctx: OrganizationContext, connector: ConnectorId, acknowledged: number | undefined): Promise<void> => {
    const { version, text: wording } = connectorOf(connector).disclaimer;
    if (acknowledged !== version) {
      if (await isAcknowledged(ctx, connector)) return;
      const words = "Read what leaves for this service, and confirm it.";
      throw new AppError("invalid", "Check the marked fields.", {
        code: "acknowledgement_required",
        fields: { acknowledged: [words] },
      });
    }
    const { organizationId, now: acknowledgedAt } = ctx;
    const id = newId("connectorAcknowledgement", acknowledgedAt);
    const userId = memberBehind(ctx.actor);
    const [made] = await ctx.db
      .insert(connectorAcknowledgements)
      .values({ organizationId, id, connector, version, wording, userId, acknowledgedAt })
      .onConflictDoNothing()
      .returning({ id: connectorAcknowledgements.id });
    if (!made) return;
    await writeAudit(ctx, {
      action: "connector.acknowledge",
      object: { type: "connector", id: connector },
      after: { version },
      clause: "T-4.2.1-TPS2",
    });
  },
);

/** A connection that may be changed here: any for an admin, those of their own workspace for who builds there. */
export const lockConnection = part(async (ctx: OrganizationContext, id: ConnectionId): Promise<Connection> => {
  const [found] = await ctx.db.select().from(connections).where(its(ctx, id)).for("update");
  const here = "workspaceId" in ctx ? ctx.workspaceId : undefined;
  const isTheirs = found && (can(ctx.actor, "integrations.restrict") || found.workspaceId === here);
  if (!found || !isTheirs)
    throw new AppError("not_found", "There is no such connection, or it is an admin's to change.");
  if (found.state === "disconnected" || found.state === "ending")
    throw new AppError("conflict", "This connection is disconnected. Connect the service anew.");
  return found;
});

type Move = { action: AuditAction; from: readonly ConnectionState[]; refusal: string; to: Partial<Connection> };

async function move(ctx: OrganizationContext, id: ConnectionId, { action, from, refusal, to }: Move): Promise<void> {
  const before = await lockConnection(ctx, id);
  if (!from.includes(before.state)) throw new AppError("conflict", refusal);
  if (action === "connection.resume") await refuseByRule(ctx, before.connector, before.workspaceId);
  await ctx.db.update(connections).set(to).where(its(ctx, id));
  await writeAudit(ctx, {
    action,
    object: { type: "connection", id },
    before: { state: before.state },
    after: { state: to.state },
  });
}

/** Nothing is sent until it is resumed; what happens meanwhile is not kept for it. */
export const pauseConnection = command({
  can: "integrations.write",
  within: "organization",
  input: connectionInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, (ctx) =>
      move(ctx, id, {
        action: "connection.pause",
        from: ["connected", "failing"],
        refusal: "Only what is connected can be paused.",
        to: { state: "paused", pausedReason: null },
      }),
    ),
});

/** Resumed, a connection has its five days anew. */
export const resumeConnection = command({
  can: "integrations.write",
  within: "organization",
  input: connectionInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, (ctx) =>
      move(ctx, id, {
        action: "connection.resume",
        from: ["paused"],
        refusal: "Only what is paused can be resumed.",
        to: { state: "connected", pausedReason: null, failingSince: null, lastError: null, toldAt: null },
      }),
    ),
});

const destroyed = {
  key: null,
  sealedSecret: null,
  last4: null,
  tokenExpiresAt: null,
  refreshAt: null,
  pendingState: null,
  pendingSession: null,
  pendingVerifier: null,
  pendingUntil: null,
} as const;

/** Destroys the secret of a connection and ends what waits for it, in the transaction of what ends it. */
export const endConnections = part(async (ctx: OrganizationContext, ids: readonly ConnectionId[]): Promise<void> => {
  if (ids.length === 0) return;
  await ctx.db
    .update(connections)
    .set({ ...destroyed, state: "disconnected", endedAt: ctx.now })
    .where(and(eq(connections.organizationId, ctx.organizationId), inArray(connections.id, [...ids])));
  await ctx.db
    .update(connectionDeliveries)
    .set({ state: "failed", nextAt: null, endedAt: ctx.now })
    .where(
      and(
        eq(connectionDeliveries.organizationId, ctx.organizationId),
        inArray(connectionDeliveries.connectionId, [...ids]),
        eq(connectionDeliveries.state, "waiting"),
      ),
    );
});

/** T-6-EFF: with the agreement every connection ends, and its secret is destroyed at once. */
export const endAllConnections = part(async (ctx: OrganizationContext): Promise<void> => {
  const open = await ctx.db
    .select({ id: connections.id, state: connections.state })
    .from(connections)
    .where(and(eq(connections.organizationId, ctx.organizationId), ne(connections.state, "disconnected")));
  const ids = open.map(({ id }) => id);
  await endConnections(ctx, ids);
  for (const { id, state } of open)
    await writeAudit(ctx, {
      action: "connection.disconnect",
      object: { type: "connection", id },
      before: { state },
      after: { state: "disconnected" },
      clause: "T-6-EFF",
    });
});

/** For what was begun by signing in, its service is asked to forget the token first; nothing is sent from here on. */
const beginEnding = async (ctx: OrganizationContext, id: ConnectionId): Promise<void> => {
  const pendingUntil = addMinutes(ctx.now, endingMinutes);
  await ctx.db.update(connections).set({ state: "ending", refreshAt: null, pendingUntil }).where(its(ctx, id));
  await cancelDeadline(ctx, "connection.token", id);
  const { organizationId } = ctx;
  await enqueue(ctx, revoking, { organizationId, connectionId: id }, { key: id });
};

/** Ends a connection for good: its secret is destroyed, at once unless its service has to forget it too, and what waited is not sent. */
export const disconnectService = command({
  can: "integrations.write",
  within: "organization",
  input: connectionInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const before = await lockConnection(ctx, id);
      const isSignedIn = connectorOf(before.connector).auth === "oauth" && before.sealedSecret !== null;
      if (isSignedIn) await beginEnding(ctx, id);
      else await endConnections(ctx, [id]);
      await writeAudit(ctx, {
        action: "connection.disconnect",
        object: { type: "connection", id },
        before: { state: before.state },
        after: { state: isSignedIn ? "ending" : "disconnected" },
        clause: "T-4.2.1-TPS1",
      });
    }),
});

export const refuseTooMany = part(async (ctx: OrganizationContext): Promise<void> => {
  const open = and(eq(connections.organizationId, ctx.organizationId), ne(connections.state, "disconnected"));
  if ((await ctx.db.$count(connections, open)) < connectionsMax) return;
  throw new AppError("conflict", `An organization has at most ${connectionsMax} connections. Disconnect one first.`);
});

/** What people send by hand is counted for the organization. */
export const refuseByHand = part(async (ctx: OrganizationContext): Promise<void> => {
  const since = addMinutes(ctx.now, -1);
  const [sent] = await ctx.db
    .select({ n: count() })
    .from(connectionAttempts)
    .where(
      and(
        eq(connectionAttempts.organizationId, ctx.organizationId),
        eq(connectionAttempts.kind, "test"),
        gt(connectionAttempts.at, since),
      ),
    );
  const replayed = await ctx.db.$count(
    connectionDeliveries,
    and(
      eq(connectionDeliveries.organizationId, ctx.organizationId),
      isNotNull(connectionDeliveries.replayOf),
      gt(connectionDeliveries.createdAt, since),
    ),
  );
  if ((sent?.n ?? 0) + replayed < byHandMax) return;
  throw new AppError("rate_limited", `At most ${byHandMax} tests and replays a minute. Wait a minute and try again.`, {
    retryAfter: 60,
  });
});

export type TestResult = { outcome: AttemptOutcome; status: number | null; ms: number; error: string | null };

/** Does the real thing once, such as a message sent, and shows what came of it on the connection's page. */
export const testConnection = command({
  can: "integrations.write",
  within: "organization",
  input: connectionInput,
  run: async (ctx, { id }): Promise<TestResult> => {
    const found = await transaction(ctx, (ctx) => lockConnection(ctx, id));
    await refuseByRule(ctx, found.connector, found.workspaceId);
    await refuseByHand(ctx);
    const test = connectorTests[found.connector];
    if (!test || !found.sealedSecret)
      throw new AppError("conflict", "There is nothing to test yet. Finish connecting it first.");
    const secret = await openConnectionSecret(found);
    // Outside of a transaction: the other side can take long to answer.
    const tried = await test({ id, settings: found.settings, secret }, outgoing());
    await noteAttempt(ctx, id, { kind: "test", about: "Test", ...tried });
    return { outcome: outcomeOf(tried.status), ...tried };
  },
});
