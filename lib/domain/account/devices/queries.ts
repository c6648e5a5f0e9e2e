import { and, eq, gt } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { devices } from "#db/schema/factors.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { deviceDays } from "./rules.ts";

/** Whether an account was signed in to from a browser before. */
export async function isKnownDevice(ctx: AccountContext, userId: Id<"user">, deviceId: Id<"device">): Promise<boolean> {
  authorize(ctx.actor, "account.open");
  const known = and(
    eq(devices.userId, userId),
    eq(devices.deviceId, deviceId),
    gt(devices.seenAt, addDays(ctx.now, -deviceDays)),
  );
  return (await ctx.db.$count(devices, known)) > 0;
}
