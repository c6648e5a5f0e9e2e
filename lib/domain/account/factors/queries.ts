import { and, eq, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { authenticators, passkeys, recoveryCodes } from "#db/schema/factors.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { Factor, Means } from "./rules.ts";

/** The second factors of the signed-in person, oldest first. */
export async function myFactors(ctx: AccountContext): Promise<Factor[]> {
  authorize(ctx.actor, "account.manage");
  const { id } = personOf(ctx.actor);
  const [apps, keys] = await Promise.all([
    ctx.db.select().from(authenticators).where(eq(authenticators.userId, id)),
    ctx.db.select().from(passkeys).where(eq(passkeys.userId, id)),
  ]);
  const factors: Factor[] = [
    ...apps.map(({ id, name, createdAt, usedAt }) => ({
      id,
      kind: "app" as const,
      name,
      createdAt,
      usedAt,
      isSynced: false,
    })),
    ...keys.map(({ id, name, createdAt, usedAt, isSynced }) => ({
      id,
      kind: "passkey" as const,
      name,
      createdAt,
      usedAt,
      isSynced,
    })),
  ];
  return factors.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

/** How a person can show that it is they. */
export async function meansOf(ctx: AccountContext, userId: Id<"user">): Promise<Means> {
  authorize(ctx.actor, "account.open");
  const [row] = await ctx.db
    .select({
      password: sql<boolean>`${users.passwordHash} is not null`,
      app: sql<boolean>`exists (${ctx.db.select().from(authenticators).where(eq(authenticators.userId, userId))})`,
      passkey: sql<boolean>`exists (${ctx.db.select().from(passkeys).where(eq(passkeys.userId, userId))})`,
      codesLeft: ctx.db.$count(recoveryCodes, and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt))),
    })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? { password: false, app: false, passkey: false, codesLeft: 0 };
}
