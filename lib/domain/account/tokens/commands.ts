import { randomBytes } from "node:crypto";
import { and, eq, gt, isNull, lt } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { tokens } from "#db/schema/account.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { confirmationMinutes, resetMinutes } from "#lib/core/access/person.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";

type Purpose = "verify-email" | "reset-password";

const minutesOf: Record<Purpose, number> = { "verify-email": confirmationMinutes, "reset-password": resetMinutes };

/** Makes what a letter's link carries; only its hash is kept. */
export async function issueToken(
  ctx: AccountContext,
  userId: Id<"user">,
  purpose: Purpose,
  passwordHash: string | null = null,
): Promise<string> {
  authorize(ctx.actor, "account.open");
  const secret = randomBytes(32).toString("base64url");
  await ctx.db.insert(tokens).values({
    id: newId("token", ctx.now),
    userId,
    purpose,
    hash: keyedHash(secret),
    passwordHash,
    createdAt: ctx.now,
    expiresAt: addMinutes(ctx.now, minutesOf[purpose]),
  });
  return secret;
}

export type Redeemed = { userId: Id<"user">; passwordHash: string | null };

/** Takes a link's token, once: of two browsers that open it at the same instant, one gets in. */
export async function redeemToken(ctx: AccountContext, secret: string, purpose: Purpose): Promise<Redeemed> {
  authorize(ctx.actor, "account.open");
  const usable = [eq(tokens.purpose, purpose), isNull(tokens.usedAt), gt(tokens.expiresAt, ctx.now)];
  const [token] = await ctx.db
    .update(tokens)
    .set({ usedAt: ctx.now })
    .where(and(eq(tokens.hash, keyedHash(secret)), ...usable))
    .returning({ userId: tokens.userId, passwordHash: tokens.passwordHash });
  if (!token) throw new AppError("invalid", "This link was used already or has expired. Ask for a new letter.");
  return token;
}

/** Makes every other link of this purpose worthless. */
export async function voidTokens(ctx: AccountContext, userId: Id<"user">, purpose: Purpose): Promise<void> {
  authorize(ctx.actor, "account.open");
  const unused = [eq(tokens.userId, userId), eq(tokens.purpose, purpose), isNull(tokens.usedAt)];
  await ctx.db
    .update(tokens)
    .set({ usedAt: ctx.now })
    .where(and(...unused));
}

export async function forgetOldTokens(ctx: AccountContext): Promise<void> {
  authorize(ctx.actor, "system.operate");
  await ctx.db.delete(tokens).where(lt(tokens.expiresAt, addDays(ctx.now, -30)));
}
