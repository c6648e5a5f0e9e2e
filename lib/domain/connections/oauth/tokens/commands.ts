import { and, eq, inArray, lte } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { connections } from "#db/schema/connections.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes, stopwatch } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type ConnectionSecret, openConnectionSecret, sealConnectionSecret } from "#lib/core/connection-secrets.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { refreshTokens, revokeToken, type Tokens } from "#lib/core/oauth.ts";
import { keepAttempt, noteAttempt } from "#lib/domain/connections/attempts/commands.ts";
import { endConnections } from "#lib/domain/connections/commands.ts";
import { datesOf, keptTokens, refreshWaitMinutes } from "#lib/domain/connections/oauth/rules.ts";
import { cancelDeadline, keepDeadline } from "#lib/domain/deadlines/commands.ts";
import { refreshing } from "./input.ts";

type ConnectionId = Id<"connection">;

const its = ({ organizationId }: OrganizationContext, id: ConnectionId) =>
  and(eq(connections.organizationId, organizationId), eq(connections.id, id));

/** Seals what a service gave, with the date of the next exchange. */
export const keepTokens = part(
  async (
    ctx: OrganizationContext,
    { id, key }: { id: ConnectionId; key: Buffer | null },
    secret: ConnectionSecret,
    tokens: Pick<Tokens, "expiresIn">,
  ): Promise<void> => {
    const { organizationId, now } = ctx;
    const dates = datesOf(tokens, now);
    await ctx.db
      .update(connections)
      .set({ ...(await sealConnectionSecret({ organizationId, id, key }, secret)), ...dates })
      .where(its(ctx, id));
    const subject = { kind: "connection", id } as const;
    await keepDeadline(ctx, { clock: "connection.token", subject, dueAt: dates.tokenExpiresAt });
  },
);

/**
 * Exchanges a token whose time has come. Where tokens are exchanged, each is good once: two exchanges at once make both
 * dead. So the row is locked before the service is asked, and who comes second finds that it was done. A service that
 * cannot be asked is asked again; the state of the connection follows from what it does with events alone.
 */
export const refreshToken = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: ConnectionId): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const live = inArray(connections.state, ["connected", "failing"]);
      const due = and(its(ctx, id), lte(connections.refreshAt, ctx.now), live);
      const [found] = await ctx.db.select().from(connections).where(due).for("update");
      if (!found) return;
      const before = await openConnectionSecret(found);
      const began = stopwatch();
      const came = await refreshTokens(before.refreshToken ?? "");
      const attempt = { kind: "refresh", about: "Token", ms: Math.round(stopwatch() - began) } as const;
      if (!("problem" in came)) {
        await keepTokens(ctx, found, keptTokens(came, before.refreshToken) ?? before, came);
        await keepAttempt(ctx, id, { ...attempt, status: 200, outcome: "ok", error: null });
        return;
      }
      const isDead = came.problem === "invalid_grant";
      const refreshAt = isDead ? null : addMinutes(ctx.now, refreshWaitMinutes);
      await ctx.db.update(connections).set({ refreshAt }).where(its(ctx, id));
      if (!isDead) return keepAttempt(ctx, id, { ...attempt, status: null, outcome: "failing", error: came.words });
      await cancelDeadline(ctx, "connection.token", id);
      await noteAttempt(ctx, id, { ...attempt, status: 400, outcome: "needs_reconnect", error: came.words });
    }),
});

/** Every minute: has the tokens exchanged whose time has come. */
export const refreshDue = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const { organizationId, id, refreshAt, state } = connections;
    const due = and(lte(refreshAt, ctx.now), inArray(state, ["connected", "failing"]));
    for (const found of await ctx.db.select({ organizationId, id }).from(connections).where(due))
      await enqueue(
        ctx,
        refreshing,
        { organizationId: found.organizationId, connectionId: found.id },
        { key: found.id },
      );
  },
});

/** Asks the service to forget what it gave, and destroys it here. */
export const revokeAndEnd = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: ConnectionId): Promise<void> => {
    const ending = and(its(ctx, id), eq(connections.state, "ending"));
    const [found] = await ctx.db.select().from(connections).where(ending);
    if (!found) return;
    if (found.sealedSecret) {
      const { refreshToken: lasting, accessToken } = await openConnectionSecret(found);
      await revokeToken(lasting ?? accessToken ?? "");
    }
    await finishEnding(ctx, id);
  },
});

/** What a service could not be asked to forget within the hour is destroyed here all the same. */
export const endOverdue = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const { organizationId, id, state, pendingUntil } = connections;
    const overdue = and(eq(state, "ending"), lte(pendingUntil, ctx.now));
    for (const found of await ctx.db.select({ organizationId, id }).from(connections).where(overdue))
      await finishEnding(inOrganization(ctx, found.organizationId), found.id);
  },
});

const finishEnding = (ctx: OrganizationContext, id: ConnectionId): Promise<void> =>
  transaction(ctx, async (ctx) => {
    const ending = and(its(ctx, id), eq(connections.state, "ending"));
    const [found] = await ctx.db.select({ id: connections.id }).from(connections).where(ending).for("update");
    if (!found) return;
    await endConnections(ctx, [id]);
    const after = { state: "disconnected" };
    await writeAudit(ctx, { action: "connection.finish", object: { type: "connection", id }, after });
  });
