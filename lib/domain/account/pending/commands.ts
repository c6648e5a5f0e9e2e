import { randomBytes } from "node:crypto";
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { and, eq, gt, lt, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { pendingSignIns } from "#db/schema/factors.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { forgiveAttempts, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { takeAppCode } from "#lib/domain/account/authenticators/commands.ts";
import { askForPasskey, takePasskey } from "#lib/domain/account/passkeys/commands.ts";
import type { Site } from "#lib/domain/account/passkeys/rules.ts";
import { takeRecoveryCode } from "#lib/domain/account/recovery/commands.ts";
import { pendingMinutes, triesMax } from "./rules.ts";

/** Who has come in, and where they were going. */
export type Entered = { userId: Id<"user">; next: string };

const over = () => new AppError("unauthenticated", "This took too long, or was tried too often. Sign in again.");

/** Remembers in one browser that the first factor was right. What it gets opens nothing but the page that asks for the second. */
export const openPending = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, next: string): Promise<string> => {
    const secret = randomBytes(32).toString("base64url");
    const at = { createdAt: ctx.now, expiresAt: addMinutes(ctx.now, pendingMinutes) };
    await ctx.db.insert(pendingSignIns).values({ hash: keyedHash(secret), userId, next, ...at });
    return secret;
  },
});

/** Takes the code of an app. */
export const finishWithCode = command({
  can: "account.open",
  within: "account",
  run: async (ctx, secret: string, code: string): Promise<Entered> => {
    const { userId } = await spendTry(ctx, secret);
    await spendAttempt(ctx, "second-factor:account", userId);
    await spendAttempt(ctx, "second-factor-day:account", userId);
    if (!(await takeAppCode(ctx, userId, code)))
      throw wrong("This code is wrong, or was used already. Wait for the next.");
    return finish(ctx, secret);
  },
});

/** Takes a recovery code. */
export const finishWithRecovery = command({
  can: "account.open",
  within: "account",
  run: async (ctx, secret: string, code: string): Promise<Entered> => {
    const { userId } = await spendTry(ctx, secret);
    await spendAttempt(ctx, "recovery:account", userId);
    if (!(await takeRecoveryCode(ctx, userId, code))) throw wrong("This code is wrong, or was used already.");
    return finish(ctx, secret);
  },
});

/** Asks for one of the passkeys of the person whose password was right. */
export const askPendingPasskey = command({
  can: "account.open",
  within: "account",
  run: async (ctx, site: Site, secret: string) => {
    const { userId } = await pendingOf(ctx, secret);
    return askForPasskey(ctx, site, holderOf(secret), userId);
  },
});

export const finishWithPasskey = command({
  can: "account.open",
  within: "account",
  run: async (ctx, site: Site, secret: string, answer: AuthenticationResponseJSON): Promise<Entered> => {
    const { userId } = await spendTry(ctx, secret);
    const owner = await takePasskey(ctx, site, holderOf(secret), answer);
    if (owner !== userId) throw new AppError("invalid", "This passkey belongs to another account.");
    return finish(ctx, secret);
  },
});

const wrong = (message: string) => new AppError("invalid", "Check the marked fields.", { fields: { code: [message] } });

const holderOf = (secret: string): string => `pending:${keyedHash(secret)}`;

const live = (ctx: AccountContext, secret: string) =>
  and(
    eq(pendingSignIns.hash, keyedHash(secret)),
    gt(pendingSignIns.expiresAt, ctx.now),
    lt(pendingSignIns.tries, triesMax),
  );

/** The one way to a pending sign-in is the secret in its browser. */
async function pendingOf(ctx: AccountContext, secret: string): Promise<Entered> {
  const [row] = await ctx.db.select().from(pendingSignIns).where(live(ctx, secret));
  if (!row) throw over();
  return { userId: row.userId, next: row.next };
}

/** Counts before it looks, in one statement: tries at the same instant all count. */
async function spendTry(ctx: AccountContext, secret: string): Promise<Entered> {
  const [row] = await ctx.db
    .update(pendingSignIns)
    .set({ tries: sql`${pendingSignIns.tries} + 1` })
    .where(live(ctx, secret))
    .returning({ userId: pendingSignIns.userId, next: pendingSignIns.next });
  if (!row) throw over();
  return row;
}

/** The door closes behind the person who went through: of two right answers at once, one comes in. */
async function finish(ctx: AccountContext, secret: string): Promise<Entered> {
  const [row] = await ctx.db
    .delete(pendingSignIns)
    .where(and(eq(pendingSignIns.hash, keyedHash(secret)), gt(pendingSignIns.expiresAt, ctx.now)))
    .returning({ userId: pendingSignIns.userId, next: pendingSignIns.next });
  if (!row) throw over();
  for (const kind of ["second-factor:account", "second-factor-day:account", "recovery:account"] as const) {
    await forgiveAttempts(ctx, kind, row.userId);
  }
  return row;
}

/** A person who was on the way in with a password that was changed since has to begin anew. */
export const voidPending = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">): Promise<void> => {
    await ctx.db.delete(pendingSignIns).where(eq(pendingSignIns.userId, userId));
  },
});

export const forgetOldPending = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.delete(pendingSignIns).where(lt(pendingSignIns.expiresAt, ctx.now));
  },
});
