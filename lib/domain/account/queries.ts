import { eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { identities, users } from "#db/schema/account.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

export type MyAccount = {
  name: string;
  email: string;
  isConfirmed: boolean;
  hasPassword: boolean;
  /** Issuers this account can be opened with. */
  issuers: string[];
};

/** What the person's own page shows of them. */
export async function myAccount(ctx: AccountContext): Promise<MyAccount> {
  authorize(ctx.actor, "account.manage");
  const { id } = personOf(ctx.actor);
  const [user] = await ctx.db.select().from(users).where(eq(users.id, id));
  if (!user) throw new AppError("not_found", "This account is gone.");
  const linked = await ctx.db.select({ issuer: identities.issuer }).from(identities).where(eq(identities.userId, id));
  return {
    name: user.name,
    email: user.email,
    isConfirmed: user.emailVerifiedAt !== null,
    hasPassword: user.passwordHash !== null,
    issuers: linked.map(({ issuer }) => issuer),
  };
}

/** A person who an id names, for a sign-in that is under way. */
export async function personNamed(
  ctx: AccountContext,
  id: Id<"user">,
): Promise<{ id: Id<"user">; name: string; email: string }> {
  authorize(ctx.actor, "account.open");
  const [user] = await ctx.db
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, id));
  if (!user) throw new AppError("not_found", "This account is gone.");
  return user;
}
