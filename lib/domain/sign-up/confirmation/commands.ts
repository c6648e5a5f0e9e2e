import { and, eq, isNull, ne } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, bypassTenant, inOrganization, transaction } from "#lib/core/context.ts";
import { post } from "#lib/core/mail/post.ts";
import { countAttempt, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { alreadyRegisteredLetter, confirmationLetter } from "#lib/domain/account/letters.ts";
import { proveAddress, unprovenPasswords } from "#lib/domain/account/proof/commands.ts";
import { provenPassword } from "#lib/domain/account/proof/rules.ts";
import { issueToken, redeemToken, type UnprovenSignUp } from "#lib/domain/account/tokens/commands.ts";
import { signUpOf, userByEmail } from "./queries.ts";

/** Whose address is confirmed now; `resetToken` is there where no password of the account can be trusted. */
export type Confirmed = { userId: Id<"user">; resetToken: string | null };

/** Confirms an address by the letter sent there, in the browser that opened it. */
export const confirmEmail = command({
  can: "account.open",
  within: "account",
  run: async (ctx, token: string, device?: Id<"device">): Promise<Confirmed> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    return transaction(ctx, async (ctx) => {
      const { userId, ...letter } = await redeemToken(ctx, token, "verify-email");
      const passwordHash = provenPassword(letter, device, await unprovenPasswords(ctx, userId));
      await proveAddress(ctx, userId, { passwordHash, ...(letter.name && { name: letter.name }) });
      if (letter.organization) await nameFounded(ctx, userId, letter.organization);
      return { userId, resetToken: passwordHash ? null : await issueToken(ctx, userId, "reset-password") };
    });
  },
});

/** The first sign-up of an address founds the organization; the one that is confirmed names it. */
async function nameFounded(ctx: AccountContext, userId: Id<"user">, name: string): Promise<void> {
  await bypassTenant(ctx);
  const unused = and(
    eq(organizations.createdBy, userId),
    isNull(organizations.firstUseAt),
    ne(organizations.name, name),
  );
  const [founded] = await ctx.db
    .select({ id: organizations.id, name: organizations.name })
    .from(organizations)
    .where(unused);
  if (!founded) return;
  await ctx.db.update(organizations).set({ name }).where(eq(organizations.id, founded.id));
  await writeAudit(inOrganization(ctx, founded.id), {
    action: "organization.rename",
    object: { type: "organization", id: founded.id },
    before: { name: founded.name },
    after: { name },
  });
}

/** Sends the letter to confirm an address again, if a person waits for it; answers alike in every case. */
export const resendConfirmation = command({
  can: "account.open",
  within: "account",
  run: async (ctx, email: string, device?: Id<"device">): Promise<void> => {
    await spendAttempt(ctx, "letter:address", addressBlock(ctx.origin.address));
    const user = await userByEmail(ctx, email);
    const allowed = await countAttempt(ctx, "letter:account", email);
    if (!user || user.emailVerifiedAt || !allowed) return;
    const carried = await signUpOf(ctx, user.id, device);
    await transaction(ctx, async (ctx) => {
      await post(ctx, confirmationLetter(user, await issueToken(ctx, user.id, "verify-email", carried)));
    });
  },
});

/** The owner of an account that exists gets the letter that fits: to confirm it, or to find the way back in. */
export const remindOwner = command({
  can: "account.open",
  within: "account",
  run: async (ctx, email: string, carried?: UnprovenSignUp): Promise<void> => {
    const owner = await userByEmail(ctx, email);
    if (!owner) return;
    if (owner.emailVerifiedAt) {
      await post(ctx, alreadyRegisteredLetter(owner, await issueToken(ctx, owner.id, "reset-password")));
    } else {
      await post(ctx, confirmationLetter(owner, await issueToken(ctx, owner.id, "verify-email", carried)));
    }
  },
});
