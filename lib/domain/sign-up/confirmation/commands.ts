import { and, eq, isNull, ne, or } from "drizzle-orm";
import type { z } from "zod";
import type { Id } from "#db/id.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, bypassTenant, inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { passwordMatches } from "#lib/core/password.ts";
import { countAttempt, forgiveAttempts, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { confirmInput } from "#lib/domain/account/input.ts";
import { alreadyRegisteredLetter, confirmationLetter } from "#lib/domain/account/letters.ts";
import { proveAddress } from "#lib/domain/account/proof/commands.ts";
import { issueToken, redeemToken, type UnprovenSignUp } from "#lib/domain/account/tokens/commands.ts";
import { letterBehind, signUpOf, userByEmail } from "./queries.ts";

/** Whose address is confirmed now; `resetToken` is there where nobody showed that a password is theirs. */
export type Confirmed = { userId: Id<"user">; resetToken: string | null };

/**
 * Confirms an address by the letter sent there. The letter proves who reads the mail, not who signed up: the account keeps
 * a password only where the browser signed up with it, or the reader types it.
 */
export const confirmEmail = command({
  can: "account.open",
  within: "account",
  input: confirmInput,
  run: async (ctx, input, device?: Id<"device">): Promise<Confirmed> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    const shown = await signUpShown(ctx, input, device);
    return transaction(ctx, async (ctx) => {
      const { userId, ...letter } = await redeemToken(ctx, input.token, "verify-email");
      const { passwordHash, name, organization, customerType } = { ...letter, passwordHash: null, ...shown };
      await proveAddress(ctx, userId, { passwordHash, ...(name && { name }) });
      if (organization) await nameFounded(ctx, userId, { name: organization, ...(customerType && { customerType }) });
      return { userId, resetToken: passwordHash ? null : await issueToken(ctx, userId, "reset-password") };
    });
  },
});

type Shown = Partial<UnprovenSignUp> & Pick<UnprovenSignUp, "passwordHash">;

/** The sign-up that the reader of a letter shows to be theirs: by its browser or, from any other, by its password. */
async function signUpShown(
  ctx: AccountContext,
  { token, password }: z.output<typeof confirmInput>,
  device: Id<"device"> | undefined,
): Promise<Shown | undefined> {
  const letter = await letterBehind(ctx, token);
  if (!letter) return undefined;
  const { userId, email, passwordHash } = letter;
  const own = await signUpOf(ctx, userId, device);
  if (own || password === undefined) return own;
  await spendAttempt(ctx, "sign-in:account", email);
  if (!(await passwordMatches(password, passwordHash))) {
    throw new AppError("invalid", "Check the marked fields.", {
      fields: { password: ["This is not the password of the sign-up. Try again, or choose a new one."] },
    });
  }
  await forgiveAttempts(ctx, "sign-in:account", email);
  return { passwordHash };
}

type Founded = { name: string; customerType?: "business" | "consumer" };

/** The first sign-up of an address founds the organization; the one that is confirmed says its name and whom it is for. */
async function nameFounded(ctx: AccountContext, userId: Id<"user">, after: Founded): Promise<void> {
  await bypassTenant(ctx);
  const unused = and(
    eq(organizations.createdBy, userId),
    isNull(organizations.firstUseAt),
    or(ne(organizations.name, after.name), after.customerType && ne(organizations.customerType, after.customerType)),
  );
  const [founded] = await ctx.db
    .select({ id: organizations.id, name: organizations.name, customerType: organizations.customerType })
    .from(organizations)
    .where(unused);
  if (!founded) return;
  await ctx.db.update(organizations).set(after).where(eq(organizations.id, founded.id));
  await writeAudit(inOrganization(ctx, founded.id), {
    action: "organization.rename",
    object: { type: "organization", id: founded.id },
    before: { name: founded.name, customerType: founded.customerType },
    after,
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
