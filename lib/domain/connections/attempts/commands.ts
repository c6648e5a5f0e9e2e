import { and, desc, eq, inArray, isNull, lte, ne, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { connectionAttempts, connections } from "#db/schema/connections.ts";
import { members } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { post } from "#lib/core/mail/post.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { connectionLetter, type Trouble } from "#lib/domain/connections/letters.ts";
import {
  type AttemptOutcome,
  attemptsKept,
  type ConnectionState,
  failingToldMinutes,
  givenUpWords,
  outcomeOf,
  standingAfter,
} from "#lib/domain/connections/rules.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";

type Attempt = typeof connectionAttempts.$inferSelect;
type Connection = typeof connections.$inferSelect;

/** What a worker says of one attempt. The outcome follows from the status, unless it knows better. */
export type Noted = Pick<Attempt, "kind" | "about" | "status" | "ms"> & {
  error?: string | null;
  outcome?: AttemptOutcome;
  deliveryId?: Id<"connectionDelivery">;
};

const its = ({ organizationId }: OrganizationContext, id: Id<"connection">) =>
  and(eq(connections.organizationId, organizationId), eq(connections.id, id));

const errorLength = 300;
const keptDays = 90;

/**
 * Keeps what came of an attempt and moves the connection by it, in one transaction with the audit row, the event and the
 * letters of a change. The row is locked, so of two workers that find the same trouble one writes about it.
 */
export const noteAttempt = part(
  async (ctx: OrganizationContext, id: Id<"connection">, noted: Noted): Promise<ConnectionState | null> =>
    transaction(ctx, async (ctx) => {
      const [before] = await ctx.db.select().from(connections).where(its(ctx, id)).for("update");
      if (!before || before.state === "disconnected") return null;
      const outcome = noted.outcome ?? outcomeOf(noted.status);
      const error = noted.error ? noted.error.slice(0, errorLength) : null;
      await keepAttempt(ctx, id, { ...noted, outcome, error });
      const change = changeBy(before, { outcome, words: error ?? `It answered ${noted.status}.` }, ctx.now);
      await ctx.db.update(connections).set(change).where(its(ctx, id));
      const after = { ...before, ...change };
      if (after.state !== before.state) await noteChange(ctx, before, after);
      await tellOfSpell(ctx, after);
      return after.state;
    }),
);

const isStopped = (state: ConnectionState): boolean => state === "needs_reconnect" || state === "paused";

type Came = { outcome: AttemptOutcome; words: string };

function changeBy(before: Connection, { outcome, words }: Came, now: Date): Partial<Connection> {
  const standing = standingAfter(before, outcome, now);
  const { state } = standing;
  const isNewlyStopped = state !== before.state && isStopped(state);
  return {
    ...standing,
    lastUsedAt: now,
    ...(outcome === "ok" ? { lastOkAt: now } : { lastError: words }),
    ...(state === "connected" && { lastError: null, toldAt: null }),
    // What nothing is sent to any more is told of, also where its hour of failures was.
    ...(isNewlyStopped && { toldAt: null }),
    ...(isNewlyStopped && state === "paused" && { pausedReason: givenUpWords }),
  };
}

/** Keeps an attempt among the last ones, without a word on the connection's state. */
export const keepAttempt = part(
  async (
    ctx: OrganizationContext,
    connectionId: Id<"connection">,
    attempt: Noted & Pick<Attempt, "outcome" | "error">,
  ): Promise<void> => {
    const { organizationId, now: at } = ctx;
    const id = newId("connectionAttempt", at);
    const deliveryId = attempt.deliveryId ?? null;
    await ctx.db.insert(connectionAttempts).values({ organizationId, connectionId, id, at, ...attempt, deliveryId });
    const mine = and(
      eq(connectionAttempts.organizationId, organizationId),
      eq(connectionAttempts.connectionId, connectionId),
    );
    const kept = ctx.db
      .select({ id: connectionAttempts.id })
      .from(connectionAttempts)
      .where(mine)
      .orderBy(desc(connectionAttempts.id))
      .limit(attemptsKept);
    await ctx.db.delete(connectionAttempts).where(and(mine, sql`${connectionAttempts.id} not in (${kept})`));
  },
);

const changes: Partial<Record<ConnectionState, AuditAction>> = {
  connected: "connection.recover",
  failing: "connection.fail",
  needs_reconnect: "connection.need-reconnect",
  paused: "connection.give-up",
};

async function noteChange(ctx: OrganizationContext, before: Connection, after: Connection): Promise<void> {
  const { id, name, connector, state, lastError } = after;
  const action = changes[state];
  if (!action) return;
  await writeAudit(ctx, {
    action,
    object: { type: "connection", id },
    before: { state: before.state },
    after: { state, ...(state !== "connected" && { error: lastError }) },
    clause: "T-4.2.1-TPS1",
  });
  if (state !== "needs_reconnect") return;
  await publishWebhookEvent(ctx, "integration.needs_reconnect", {
    connection_id: id,
    connector,
    name,
    since: ctx.now.toISOString(),
  });
}

/** Its people are told once for each spell: at once of what only they can mend, after an hour of what may pass. */
async function tellOfSpell(ctx: OrganizationContext, connection: Connection): Promise<void> {
  const trouble = troubleOf(connection, ctx.now);
  if (!trouble) return;
  await ctx.db.update(connections).set({ toldAt: ctx.now }).where(its(ctx, connection.id));
  await notifyOrganization(ctx, (to) => connectionLetter(to, connection, trouble, ctx.now));
  const [maker] = await ctx.db
    .select({ email: users.email, name: users.name })
    .from(users)
    .innerJoin(members, and(eq(members.organizationId, ctx.organizationId), eq(members.userId, users.id)))
    .where(and(eq(users.id, connection.createdBy), sql`not 'organization_admin' = any(${members.roles})`));
  if (maker)
    await post(ctx, {
      ...connectionLetter(maker, connection, trouble, ctx.now),
      organizationId: ctx.organizationId,
    });
}

function troubleOf({ state, failingSince, toldAt }: Connection, now: Date): Trouble | null {
  const wasToldOf = (since: Date | null) => toldAt !== null && since !== null && toldAt >= since;
  if (failingSince === null || wasToldOf(failingSince)) return null;
  if (state === "needs_reconnect") return "needs_reconnect";
  if (state === "paused") return "paused";
  return state === "failing" && failingSince <= addMinutes(now, -failingToldMinutes) ? "failing" : null;
}

/** Every few minutes: tells of what has been failing for an hour, forgets unfinished sign-ins and old attempts. */
export const checkConnections = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const { organizationId, id, state, failingSince, toldAt } = connections;
    const long = lte(failingSince, addMinutes(ctx.now, -failingToldMinutes));
    const untold = and(inArray(state, ["failing"]), long, isNull(toldAt));
    for (const found of await ctx.db.select({ organizationId, id }).from(connections).where(untold))
      await transaction(inOrganization(ctx, found.organizationId), async (inside) => {
        const [row] = await inside.db.select().from(connections).where(its(inside, found.id)).for("update");
        if (row) await tellOfSpell(inside, row);
      });
    await ctx.db.delete(connections).where(and(eq(state, "pending"), lte(connections.pendingUntil, ctx.now)));
    await ctx.db
      .update(connections)
      .set({ pendingState: null, pendingSession: null, pendingVerifier: null, pendingUntil: null })
      .where(and(ne(state, "ending"), lte(connections.pendingUntil, ctx.now)));
    await ctx.db.delete(connectionAttempts).where(lte(connectionAttempts.at, addDays(ctx.now, -keptDays)));
  },
});
