import { eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, bypassTenant, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { voidPending } from "#lib/domain/account/pending/commands.ts";
import { recordEverywhere } from "#lib/domain/account/record/commands.ts";
import { revokeAllSessions } from "#lib/domain/account/sessions/commands.ts";
import { issueToken, redeemToken, voidTokens } from "#lib/domain/account/tokens/commands.ts";
import { emailInput, emailTokenInput } from "./input.ts";
import { emailAskedLetter, emailChangedLetter, emailVerifyLetter } from "./letters.ts";

/**
 * Asks for another address. The account keeps the old one until the new one answers its letter, and the old one is told at
 * once. Whether the new one has an account is said to nobody but its reader.
 */
export const askForEmail = command({
  can: "account.manage",
  within: "account",
  input: emailInput,
  stepUp: "email.change",
  run: async (ctx, { email }): Promise<void> => {
    const person = personOf(ctx.actor);
    await spendAttempt(ctx, "letter:account", person.id);
    if (email === person.email.toLowerCase()) {
      throw new AppError("invalid", "Check the marked fields.", {
        fields: { email: ["This is your address already."] },
      });
    }
    await transaction(ctx, async (ctx) => {
      await voidTokens(ctx, person.id, "change-email");
      const token = await issueToken(ctx, person.id, "change-email", { email });
      await post(ctx, emailVerifyLetter({ email, name: person.name }, token));
      await post(ctx, emailAskedLetter(person, email));
    });
  },
});

/**
 * Gives the account the address whose letter this is, asked by its holder: a reader who is not would get an account that
 * opens with a stranger's password. Every browser is signed out; the old address can take it back.
 */
export const confirmNewEmail = command({
  can: "account.manage",
  within: "account",
  input: emailTokenInput,
  run: async (ctx, { token }): Promise<void> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    await transaction(ctx, async (ctx) => {
      const { userId, email } = await redeemToken(ctx, token, "change-email");
      if (userId !== personOf(ctx.actor).id) {
        throw new AppError("forbidden", "Another account asked for this address. Sign in with that one to confirm.");
      }
      const before = await move(ctx, userId, email ?? "");
      const undo = await issueToken(ctx, userId, "undo-email", { email: before.email });
      await post(ctx, emailChangedLetter(before, email ?? "", undo));
    });
  },
});

/** Gives the account its former address back; whoever changed it is out, with the password. What it leads to is a new one. */
export const undoNewEmail = command({
  can: "account.open",
  within: "account",
  input: emailTokenInput,
  run: async (ctx, { token }): Promise<string> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    return transaction(ctx, async (ctx) => {
      const { userId, email } = await redeemToken(ctx, token, "undo-email");
      await move(ctx, userId, email ?? "");
      await voidTokens(ctx, userId, "undo-email");
      await ctx.db.update(users).set({ passwordHash: null }).where(eq(users.id, userId));
      return issueToken(ctx, userId, "reset-password");
    });
  },
});

async function move(ctx: AccountContext, userId: Id<"user">, email: string): Promise<typeof users.$inferSelect> {
  const [before] = await ctx.db.select().from(users).where(eq(users.id, userId)).for("update");
  const [taken] = await ctx.db
    .select({ id: users.id })
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
  if (!before || before.deletedAt) throw new AppError("not_found", "This account is gone.");
  if (taken && taken.id !== userId) {
    throw new AppError(
      "conflict",
      "This address has an account of its own. Delete that one first, or use another address.",
    );
  }
  await ctx.db.update(users).set({ email, emailVerifiedAt: ctx.now }).where(eq(users.id, userId));
  for (const purpose of ["change-email", "reset-password", "verify-email"] as const)
    await voidTokens(ctx, userId, purpose);
  await revokeAllSessions(ctx, userId);
  await voidPending(ctx, userId);
  await bypassTenant(ctx);
  await recordEverywhere(ctx, userId, {
    action: "account.change-email",
    before: { email: before.email },
    after: { email },
  });
  return before;
}
