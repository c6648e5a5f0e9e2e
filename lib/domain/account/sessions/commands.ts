import { and, eq, isNull, lt, ne, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { sessions } from "#db/schema/account.ts";
import { personOf, sessionDays } from "#lib/core/access/person.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { noteDevice } from "#lib/domain/account/devices/commands.ts";
import { sessionInput } from "#lib/domain/account/input.ts";

/**
 * Signs a person in on one browser; the person who calls this has just checked that it is they. Each sign-in is a session of its
 * own, whatever the browser brought along. Where the browser is new to the account, its owner is told.
 */
export const openSession = command({
  can: "account.open",
  within: "account",
  run: async (
    ctx,
    userId: Id<"user">,
    { deviceId, provenAt = ctx.now }: { deviceId?: Id<"device">; provenAt?: Date } = {},
  ): Promise<Id<"session">> => {
    const id = newId("session", ctx.now);
    const { address, agent } = ctx.origin;
    const expiresAt = addDays(ctx.now, sessionDays);
    // A provider may say when it last asked who they are; its clock does not make that later than now.
    const at = { createdAt: ctx.now, seenAt: ctx.now, provenAt: provenAt < ctx.now ? provenAt : ctx.now, expiresAt };
    return transaction(ctx, async (ctx) => {
      if (deviceId) await noteDevice(ctx, userId, deviceId);
      await ctx.db.insert(sessions).values({ id, userId, address, agent, ...at });
      return id;
    });
  },
});

/** Notes that a session is in use, and from where. */
export const touchSession = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<void> => {
    const { address, agent } = ctx.origin;
    // Two requests at once: the later one must not set the time back.
    const seenAt = sql`greatest(${sessions.seenAt}, ${ctx.now.toISOString()}::timestamptz)`;
    await ctx.db
      .update(sessions)
      .set({ seenAt, address, agent })
      .where(eq(sessions.id, personOf(ctx.actor).sessionId));
  },
});

/** Signs out one of this person's own browsers; it is out on its next request. */
export const revokeSession = command({
  can: "account.manage",
  within: "account",
  input: sessionInput,
  stepUp: "sessions.end",
  run: async (ctx, { session: id }): Promise<void> => {
    const mine = and(eq(sessions.id, id), eq(sessions.userId, personOf(ctx.actor).id), isNull(sessions.revokedAt));
    const revoked = await ctx.db
      .update(sessions)
      .set({ revokedAt: ctx.now })
      .where(mine)
      .returning({ id: sessions.id });
    if (revoked.length === 0) throw new AppError("not_found", "This browser is signed out already.");
  },
});

/** Signs out every browser of this person but the one in use. */
export const revokeOtherSessions = command({
  can: "account.manage",
  within: "account",
  stepUp: "sessions.end",
  run: async (ctx): Promise<number> => {
    const { id, sessionId } = personOf(ctx.actor);
    const others = and(eq(sessions.userId, id), ne(sessions.id, sessionId), isNull(sessions.revokedAt));
    const revoked = await ctx.db
      .update(sessions)
      .set({ revokedAt: ctx.now })
      .where(others)
      .returning({ id: sessions.id });
    return revoked.length;
  },
});

/** Signs out every browser of a person who has shown by letter who they are. */
export const revokeAllSessions = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">): Promise<void> => {
    const live = and(eq(sessions.userId, userId), isNull(sessions.revokedAt));
    await ctx.db.update(sessions).set({ revokedAt: ctx.now }).where(live);
  },
});

/** Where and when a person was signed in is forgotten a month after it ended. */
export const forgetOldSessions = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const monthAgo = addDays(ctx.now, -30);
    await ctx.db.delete(sessions).where(or(lt(sessions.expiresAt, monthAgo), lt(sessions.revokedAt, monthAgo)));
  },
});
