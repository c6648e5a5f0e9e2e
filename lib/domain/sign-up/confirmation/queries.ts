import { and, desc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { tokens, users } from "#db/schema/account.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import type { UnprovenSignUp } from "#lib/domain/account/tokens/commands.ts";

/** The account of an address, in whatever case it is typed. */
export async function userByEmail(ctx: AccountContext, email: string): Promise<typeof users.$inferSelect | undefined> {
  authorize(ctx.actor, "account.open");
  const [user] = await ctx.db
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
  return user;
}

/** What this browser signed up with last; another letter to confirm carries the same. */
export async function signUpOf(
  ctx: AccountContext,
  userId: Id<"user">,
  device: Id<"device"> | undefined,
): Promise<UnprovenSignUp | undefined> {
  authorize(ctx.actor, "account.open");
  if (!device) return undefined;
  const [carried] = await ctx.db
    .select({
      passwordHash: tokens.passwordHash,
      deviceId: tokens.deviceId,
      name: tokens.name,
      organization: tokens.organization,
      customerType: tokens.customerType,
    })
    .from(tokens)
    .where(and(eq(tokens.userId, userId), eq(tokens.deviceId, device), isNotNull(tokens.passwordHash)))
    .orderBy(desc(tokens.createdAt), desc(tokens.id))
    .limit(1);
  return carried;
}

export type SignUpLetter = { userId: Id<"user">; email: string; passwordHash: string | null };

/** The account that a letter's link confirms, and the password of the sign-up it answers. */
export async function letterBehind(ctx: AccountContext, secret: string): Promise<SignUpLetter | undefined> {
  authorize(ctx.actor, "account.open");
  const usable = and(eq(tokens.purpose, "verify-email"), isNull(tokens.usedAt), gt(tokens.expiresAt, ctx.now));
  const [letter] = await ctx.db
    .select({
      userId: users.id,
      email: users.email,
      passwordHash: sql<string | null>`coalesce(${tokens.passwordHash}, ${users.passwordHash})`,
    })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(and(eq(tokens.hash, keyedHash(secret)), usable));
  return letter;
}

/** What the reader of a letter shows to take the sign-up's password along, in this browser; of a void link nothing. */
export async function confirmationAsks(
  ctx: AccountContext,
  secret: string,
  device: Id<"device"> | undefined,
): Promise<"nothing" | "password" | "new password"> {
  authorize(ctx.actor, "account.open");
  const letter = await letterBehind(ctx, secret);
  if (!letter || (await signUpOf(ctx, letter.userId, device))) return "nothing";
  return letter.passwordHash ? "password" : "new password";
}
