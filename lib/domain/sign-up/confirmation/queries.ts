import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { tokens, users } from "#db/schema/account.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
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

/** What this browser signed up with; another letter to confirm carries the same. */
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
    })
    .from(tokens)
    .where(and(eq(tokens.userId, userId), eq(tokens.deviceId, device), isNotNull(tokens.passwordHash)))
    .orderBy(desc(tokens.createdAt), desc(tokens.id))
    .limit(1);
  return carried;
}
