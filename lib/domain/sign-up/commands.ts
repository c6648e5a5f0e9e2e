import { and, eq, isNull, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { personOf } from "#lib/core/access/person.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, actingAs, inOrganization, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { hashPassword, isOutdated, passwordMatches } from "#lib/core/password.ts";
import { countAttempt, forgiveAttempts, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock, attemptLimits } from "#lib/domain/account/attempts/rules.ts";
import { isKnownDevice } from "#lib/domain/account/devices/queries.ts";
import type { FoundInput, SignInInput } from "#lib/domain/account/input.ts";
import { foundInput, nameInput, passwordInput, resetInput, signUpInput } from "#lib/domain/account/input.ts";
import { confirmationLetter, passwordChangedLetter, resetLetter } from "#lib/domain/account/letters.ts";
import { passwordProblem } from "#lib/domain/account/passwords/rules.ts";
import { voidPending } from "#lib/domain/account/pending/commands.ts";
import { proveAddress } from "#lib/domain/account/proof/commands.ts";
import { revokeAllSessions } from "#lib/domain/account/sessions/commands.ts";
import { issueToken, redeemToken, voidTokens } from "#lib/domain/account/tokens/commands.ts";
import { createOrganization, type Home } from "#lib/domain/organizations/commands.ts";
import { foundedBy } from "#lib/domain/organizations/queries.ts";
import { agree } from "#lib/domain/terms/commands.ts";
import { termsOnPage } from "#lib/domain/terms/queries.ts";
import { remindOwner } from "./confirmation/commands.ts";
import { signUpOf, userByEmail } from "./confirmation/queries.ts";

type User = typeof users.$inferSelect;

/** Organizations a person has founded and is still in, and those they founded in so many days, deleted or not. */
const foundedMax = 10;
const foundedDays = 30;

/**
 * Opens an account with its organization, workspace, acceptance and letter, or, where the address has an account,
 * tells its owner by letter. Both answer alike: who signs up learns nothing before they can read the letter.
 */
export const signUp = command({
  can: "account.open",
  within: "account",
  input: signUpInput,
  run: async (ctx, input, device?: Id<"device">): Promise<void> => {
    await spendAttempt(ctx, "sign-up:address", addressBlock(ctx.origin.address));
    const mayRemind = await countAttempt(ctx, "letter:account", input.email);
    const passwordHash = await hashPassword(input.password);
    await transaction(ctx, async (ctx) => {
      await termsOnPage(ctx, input);
      const { name, email, organization, customerType = "business" } = input;
      const carried = { passwordHash, deviceId: device ?? null, name, organization, customerType };
      const user = { id: newId("user", ctx.now), name, email, passwordHash, createdAt: ctx.now };
      const created = await ctx.db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id });
      if (created.length === 0) {
        // From here on each password is in its own letter only, so that none outlives the others by waiting.
        const unproven = and(eq(sql`lower(${users.email})`, email), isNull(users.emailVerifiedAt));
        await ctx.db.update(users).set({ passwordHash: null }).where(unproven);
        return mayRemind ? remindOwner(ctx, email, carried) : undefined;
      }
      await found(actingAs(ctx, founder(user)), input);
      await post(ctx, confirmationLetter(user, await issueToken(ctx, user.id, "verify-email", carried)));
    });
  },
});

/** The person a sign-up makes, who founds the organization before any browser of theirs is signed in. */
function founder(user: { id: Id<"user">; name: string; email: string }): Actor {
  const permissions = new Set([...permissionsOf(rolePermissions, ["organization_admin"]), "account.open" as const]);
  return { kind: "user", id: user.id, name: user.name, email: user.email, sessionId: "ses_none", permissions };
}

/** Founds an organization for a person who has an account and none yet, with their agreement to the terms. */
export const foundOrganization = command({
  can: "account.manage",
  within: "account",
  input: foundInput,
  run: async (ctx, input): Promise<Home> => {
    const person = personOf(ctx.actor);
    if (!(await countAttempt(ctx, "found:account", person.id))) throw tooMany();
    return transaction(actingAs(ctx, { ...ctx.actor, permissions: founder(person).permissions }), async (ctx) => {
      await refuseManyFounded(ctx, person.id);
      return found(ctx, input);
    });
  },
});

function tooMany(): AppError {
  const message = `One person founds at most ${foundedMax} organizations, ${attemptLimits["found:account"].max} of them a day; one that was deleted counts for ${foundedDays} days. Add workspaces to one you have, or write to ${env().SUPPORT_EMAIL}.`;
  return new AppError("limit_reached", message, { code: "too_many_organizations" });
}

/** Foundings of one person wait for each other, so that none is missed. */
async function refuseManyFounded(ctx: AccountContext, userId: Id<"user">): Promise<void> {
  await ctx.db.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
  const { standing, lately } = await foundedBy(ctx, foundedDays);
  if (Math.max(standing, lately) >= foundedMax) throw tooMany();
}

async function found(
  ctx: AccountContext,
  { organization, customerType, documentId, sha256 }: FoundInput,
): Promise<Home> {
  const home = await createOrganization(ctx, organization, customerType);
  await agree(inOrganization(ctx, home.organizationId), { documentId, sha256 });
  return home;
}

/** Sends the letter to choose a new password, if there is such an account; answers alike in every case. */
export const requestReset = command({
  can: "account.open",
  within: "account",
  run: async (ctx, email: string): Promise<void> => {
    await spendAttempt(ctx, "letter:address", addressBlock(ctx.origin.address));
    const user = await userByEmail(ctx, email);
    const allowed = await countAttempt(ctx, "letter:account", email);
    if (!user || !allowed) return;
    await transaction(ctx, async (ctx) => {
      await post(ctx, resetLetter(user, await issueToken(ctx, user.id, "reset-password")));
    });
  },
});

/** Takes a new password from the person who has the letter, and signs out every browser. */
export const resetPassword = command({
  can: "account.open",
  within: "account",
  input: resetInput,
  run: async (ctx, { token, password }): Promise<void> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    const passwordHash = await hashPassword(password);
    const email = await transaction(ctx, async (ctx) => {
      const user = await userById(ctx, (await redeemToken(ctx, token, "reset-password")).userId);
      refuseOwn(password, user);
      await proveAddress(ctx, user.id, { passwordHash });
      await voidTokens(ctx, user.id, "reset-password");
      await ctx.db.update(users).set({ passwordHash }).where(eq(users.id, user.id));
      await endEverywhere(ctx, user.id);
      await post(ctx, passwordChangedLetter(user));
      return user.email;
    });
    await forgiveAttempts(ctx, "sign-in:account", email);
  },
});

/**
 * Whose e-mail address and password these are. Wrong, unknown and without a password look and take the same;
 * only a person with the right password learns that the address still has to be confirmed.
 */
export const checkPassword = command({
  can: "account.open",
  within: "account",
  run: async (ctx, { email, password }: SignInInput, device?: Id<"device">): Promise<Id<"user">> => {
    await spendAttempt(ctx, "sign-in:address", addressBlock(ctx.origin.address));
    const user = await userByEmail(ctx, email);
    const isKnown = user && device ? await isKnownDevice(ctx, user.id, device) : false;
    const [kind, who] = isKnown
      ? (["sign-in:device", `${email}:${device}`] as const)
      : (["sign-in:account", email] as const);
    await spendAttempt(ctx, kind, who);
    if (!(await passwordMatches(password, user?.passwordHash)) || !user?.passwordHash) {
      throw new AppError("invalid", "The e-mail address or the password is wrong.", { code: "wrong_password" });
    }
    await forgiveAttempts(ctx, kind, who);
    if (!user.emailVerifiedAt) {
      if (await countAttempt(ctx, "letter:account", email)) {
        const typedHere = { passwordHash: user.passwordHash, deviceId: device ?? null, name: null, organization: null };
        const carried = (await signUpOf(ctx, user.id, device)) ?? typedHere;
        await transaction(ctx, (ctx) => remindOwner(ctx, email, carried));
      }
      const message = "This address is not confirmed yet. Open the link in the letter we sent there.";
      throw new AppError("forbidden", message, { code: "unconfirmed" });
    }
    if (isOutdated(user.passwordHash)) {
      await ctx.db
        .update(users)
        .set({ passwordHash: await hashPassword(password) })
        .where(eq(users.id, user.id));
    }
    return user.id;
  },
});

/**
 * Replaces the password of the signed-in person, who names the old one, and signs out every browser; the door signs the
 * one in use in again.
 */
export const changePassword = command({
  can: "account.manage",
  within: "account",
  input: passwordInput,
  run: async (ctx, { current, password }): Promise<void> => {
    const person = personOf(ctx.actor);
    await spendAttempt(ctx, "password-change:account", person.id);
    const user = await userById(ctx, person.id);
    if (!(await passwordMatches(current, user.passwordHash))) {
      throw new AppError("invalid", "Check the marked fields.", {
        fields: { current: ["This is not your password."] },
      });
    }
    refuseOwn(password, user);
    const passwordHash = await hashPassword(password);
    await transaction(ctx, async (ctx) => {
      await ctx.db.update(users).set({ passwordHash }).where(eq(users.id, user.id));
      await voidTokens(ctx, user.id, "reset-password");
      await endEverywhere(ctx, user.id);
      await post(ctx, passwordChangedLetter(user));
    });
  },
});

/** No one stays in, and no one half in, with a password that is no more. */
async function endEverywhere(ctx: AccountContext, userId: Id<"user">): Promise<void> {
  await voidTokens(ctx, userId, "change-email");
  await revokeAllSessions(ctx, userId);
  await voidPending(ctx, userId);
}

export const changeName = command({
  can: "account.manage",
  within: "account",
  input: nameInput,
  run: async (ctx, { name }): Promise<void> => {
    await ctx.db
      .update(users)
      .set({ name })
      .where(eq(users.id, personOf(ctx.actor).id));
  },
});

function refuseOwn(password: string, { email, name }: User): void {
  const problem = passwordProblem(password, [email, name]);
  if (problem) throw new AppError("invalid", "Check the marked fields.", { fields: { password: [problem] } });
}

async function userById(ctx: AccountContext, id: Id<"user">): Promise<User> {
  const [user] = await ctx.db.select().from(users).where(eq(users.id, id));
  if (!user) throw new AppError("not_found", "This account is gone.");
  return user;
}
