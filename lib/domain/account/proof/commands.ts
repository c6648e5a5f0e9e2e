import { eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { identities, users } from "#db/schema/account.ts";
import {
  authenticators,
  devices as knownDevices,
  passkeys,
  pendingSignIns,
  recoveryCodes,
} from "#db/schema/factors.ts";
import { command } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { revokeAllSessions } from "#lib/domain/account/sessions/commands.ts";
import { voidTokens } from "#lib/domain/account/tokens/commands.ts";

type Proven = { passwordHash: string | null; name?: string };

/**
 * Marks an address as proven. Every way into the account that was made before goes, whoever made it, and the account
 * keeps only the password named here. Asks nothing of an account whose address was proven before.
 */
export const proveAddress = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, { passwordHash, name }: Proven): Promise<void> => {
    if (await isProven(ctx, userId)) return;
    await ctx.db
      .update(users)
      .set({ emailVerifiedAt: ctx.now, passwordHash, ...(name && { name }) })
      .where(eq(users.id, userId));
    await voidTokens(ctx, userId, "verify-email");
    await voidTokens(ctx, userId, "reset-password");
    await revokeAllSessions(ctx, userId);
    for (const table of [authenticators, passkeys, recoveryCodes, pendingSignIns, knownDevices, identities]) {
      await ctx.db.delete(table).where(eq(table.userId, userId));
    }
  },
});

/** Locks the account: two letters opened at once are proofs one after the other. */
async function isProven(ctx: AccountContext, userId: Id<"user">): Promise<boolean> {
  const [user] = await ctx.db
    .select({ at: users.emailVerifiedAt })
    .from(users)
    .where(eq(users.id, userId))
    .for("update");
  if (!user) throw new AppError("not_found", "This account is gone.");
  return user.at !== null;
}
