import { eq, lt, sql } from "drizzle-orm";
import { attempts } from "#db/schema/account.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { type AttemptKind, attemptLimits } from "./rules.ts";

/**
 * Counts one try and says whether it was within the limit. One statement, so that tries at the same instant all count;
 * never inside a transaction, because the refusal that follows would roll the count back.
 */
export const countAttempt = command({
  can: "account.open",
  within: "account",
  run: async (ctx, kind: AttemptKind, who: string): Promise<boolean> => {
    const { max, minutes } = attemptLimits[kind];
    const expired = sql`${attempts.windowStartedAt} <= ${addMinutes(ctx.now, -minutes).toISOString()}::timestamptz`;
    const [row] = await ctx.db
      .insert(attempts)
      .values({ subject: subjectOf(kind, who), count: 1, windowStartedAt: ctx.now })
      .onConflictDoUpdate({
        target: attempts.subject,
        set: {
          count: sql`case when ${expired} then 1 else ${attempts.count} + 1 end`,
          windowStartedAt: sql`case when ${expired} then excluded.window_started_at else ${attempts.windowStartedAt} end`,
        },
      })
      .returning({ count: attempts.count });
    return (row?.count ?? max + 1) <= max;
  },
});

/** Counts one try and refuses it beyond the limit, in words that are the same the person who was asked about. */
export const spendAttempt = command({
  can: "account.open",
  within: "account",
  run: async (ctx, kind: AttemptKind, who: string): Promise<void> => {
    if (await countAttempt(ctx, kind, who)) return;
    const { minutes } = attemptLimits[kind];
    throw new AppError("rate_limited", `Too many tries. Wait ${minutes} minutes and try again.`, {
      retryAfter: minutes * 60,
    });
  },
});

/** Forgets the tries of a person who has shown they are who they say. */
export const forgiveAttempts = command({
  can: "account.open",
  within: "account",
  run: async (ctx, kind: AttemptKind, who: string): Promise<void> => {
    await ctx.db.delete(attempts).where(eq(attempts.subject, subjectOf(kind, who)));
  },
});

/** Every window is over after a day. */
export const forgetOldAttempts = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.delete(attempts).where(lt(attempts.windowStartedAt, addDays(ctx.now, -1)));
  },
});

/** Hashed, because people type passwords into the wrong field. */
const subjectOf = (kind: AttemptKind, who: string): string => `${kind}:${keyedHash(who)}`;
