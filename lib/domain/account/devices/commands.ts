import { and, eq, lt } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { sessions, users } from "#db/schema/account.ts";
import { devices } from "#db/schema/factors.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { post } from "#lib/core/mail/post.ts";
import { newDeviceLetter } from "#lib/domain/account/factors/letters.ts";
import { describeAgent } from "#lib/domain/account/sessions/rules.ts";
import { deviceDays, isNews } from "./rules.ts";

/** Notes the browser a person signs in with, before their session is there; a new one is told to the account's owner. */
export const noteDevice = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, deviceId: Id<"device">): Promise<void> => {
    const isFirst = await isFirstSignIn(ctx, userId);
    const seen = await ctx.db
      .update(devices)
      .set({ seenAt: ctx.now })
      .where(and(eq(devices.userId, userId), eq(devices.deviceId, deviceId)))
      .returning({ deviceId: devices.deviceId });
    if (seen.length > 0) return;
    const made = await ctx.db
      .insert(devices)
      .values({ userId, deviceId, firstSeenAt: ctx.now, seenAt: ctx.now })
      .onConflictDoNothing()
      .returning({ deviceId: devices.deviceId });
    if (!isNews({ isKnown: made.length === 0, isFirst })) return;
    const [owner] = await ctx.db.select().from(users).where(eq(users.id, userId));
    const { address, agent } = ctx.origin;
    if (owner) await post(ctx, newDeviceLetter(owner, { at: ctx.now, address, browser: describeAgent(agent) }));
  },
});

async function isFirstSignIn(ctx: AccountContext, userId: Id<"user">): Promise<boolean> {
  const known = await ctx.db.select({ id: devices.deviceId }).from(devices).where(eq(devices.userId, userId)).limit(1);
  if (known.length > 0) return false;
  const before = await ctx.db.select({ id: sessions.id }).from(sessions).where(eq(sessions.userId, userId)).limit(1);
  return before.length === 0;
}

export const forgetOldDevices = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.delete(devices).where(lt(devices.seenAt, addDays(ctx.now, -deviceDays)));
  },
});
