import { randomBytes } from "node:crypto";
import { and, eq, gt, isNull, lt } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { tokens } from "#db/schema/account.ts";
import { confirmationMinutes, resetMinutes, undoEmailDays } from "#lib/core/access/person.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";

type Purpose = "verify-email" | "reset-password" | "change-email" | "undo-email";

const minutesOf: Record<Purpose, number> = {
  "verify-email": confirmationMinutes,
  "reset-password": resetMinutes,
  "change-email": confirmationMinutes,
  "undo-email": undoEmailDays * 24 * 60,
};

/** What one sign-up set before anyone proved the address. */
export type UnprovenSignUp = {
  passwordHash: string | null;
  deviceId: Id<"device"> | null;
  name: string | null;
  organization: string | null;
  customerType?: "business" | "consumer" | null;
  /** Of a letter that gives the account another address. */
  email?: string | null;
};

/** Makes what a letter's link carries; only its hash is kept. */
export const issueToken = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, purpose: Purpose, carried?: Partial<UnprovenSignUp>): Promise<string> => {
    const secret = randomBytes(32).toString("base64url");
    await ctx.db.insert(tokens).values({
      id: newId("token", ctx.now),
      userId,
      purpose,
      hash: keyedHash(secret),
      ...carried,
      createdAt: ctx.now,
      expiresAt: addMinutes(ctx.now, minutesOf[purpose]),
    });
    return secret;
  },
});

export type Redeemed = { userId: Id<"user"> } & UnprovenSignUp;

/** Takes a link's token, once: of two browsers that open it at the same instant, one gets in. */
export const redeemToken = command({
  can: "account.open",
  within: "account",
  run: async (ctx, secret: string, purpose: Purpose): Promise<Redeemed> => {
    const usable = [eq(tokens.purpose, purpose), isNull(tokens.usedAt), gt(tokens.expiresAt, ctx.now)];
    const [token] = await ctx.db
      .update(tokens)
      .set({ usedAt: ctx.now })
      .where(and(eq(tokens.hash, keyedHash(secret)), ...usable))
      .returning({
        userId: tokens.userId,
        passwordHash: tokens.passwordHash,
        deviceId: tokens.deviceId,
        name: tokens.name,
        organization: tokens.organization,
        customerType: tokens.customerType,
        email: tokens.email,
      });
    if (!token) throw new AppError("invalid", "This link was used already or has expired. Ask for a new letter.");
    return token;
  },
});

/** Makes every other link of this purpose worthless. */
export const voidTokens = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, purpose: Purpose): Promise<void> => {
    const unused = [eq(tokens.userId, userId), eq(tokens.purpose, purpose), isNull(tokens.usedAt)];
    await ctx.db
      .update(tokens)
      .set({ usedAt: ctx.now })
      .where(and(...unused));
  },
});

export const forgetOldTokens = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.delete(tokens).where(lt(tokens.expiresAt, addDays(ctx.now, -30)));
  },
});
