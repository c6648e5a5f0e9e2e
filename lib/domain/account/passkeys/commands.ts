import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { and, eq, gt, lt } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { challenges, passkeys } from "#db/schema/factors.ts";
import { personOf } from "#lib/core/access/person.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { noteFactor, refuseTooMany } from "#lib/domain/account/factors/commands.ts";
import type { AddPasskeyInput } from "./input.ts";
import { challengeMinutes, holderOf, isCopied, type Site } from "./rules.ts";

type Passkey = typeof passkeys.$inferSelect;

/** Read when the first passkey is used: it takes a start longer than all else of ours. */
const webauthn = () => import("@simplewebauthn/server");

const refused = () => new AppError("invalid", "This passkey was not accepted. Try again, or use another way.");

/** What the browser needs to make a passkey: one that names its owner, and checks that it is they. */
export const startPasskey = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, site: Site): Promise<PublicKeyCredentialCreationOptionsJSON> => {
    const { id: userId, email, name } = personOf(ctx.actor);
    const known = await ctx.db.select().from(passkeys).where(eq(passkeys.userId, userId));
    const options = await (await webauthn()).generateRegistrationOptions({
      rpName: env().PROVIDER_NAME,
      rpID: site.host,
      userID: new Uint8Array(Buffer.from(userId)),
      userName: email,
      userDisplayName: name,
      excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    await keepChallenge(ctx, holderOf(ctx), options.challenge);
    return options;
  },
});

/** Adds the passkey the browser made; with a person's first second factor come their recovery codes. */
export const addPasskey = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, site: Site, { answer, name }: AddPasskeyInput): Promise<string[] | null> => {
    const { id: userId } = personOf(ctx.actor);
    await spendAttempt(ctx, "enrolment:account", userId);
    const expectedChallenge = await takeChallenge(ctx, holderOf(ctx));
    const { verifyRegistrationResponse } = await webauthn();
    const { registrationInfo: made } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      requireUserVerification: true,
    }).catch((cause: unknown) => notAccepted(cause));
    if (!made) throw refused();
    return transaction(ctx, async (ctx) => {
      await refuseTooMany(ctx);
      const id = newId("passkey", ctx.now);
      const { credential, credentialBackedUp: isSynced } = made;
      const kept = { publicKey: Buffer.from(credential.publicKey), counter: credential.counter, isSynced };
      const added = await ctx.db
        .insert(passkeys)
        .values({
          id,
          userId,
          name,
          credentialId: credential.id,
          ...kept,
          transports: credential.transports ?? [],
          createdAt: ctx.now,
        })
        .onConflictDoNothing()
        .returning({ id: passkeys.id });
      if (added.length === 0) throw new AppError("conflict", "This passkey is in use already.");
      return noteFactor(ctx, { id, kind: "passkey", name });
    });
  },
});

/** What the browser needs to ask for a passkey: one of a person's, or any, which then says whose it is. */
export const askForPasskey = command({
  can: "account.open",
  within: "account",
  run: async (ctx, site: Site, holder: string, userId?: Id<"user">): Promise<PublicKeyCredentialRequestOptionsJSON> => {
    await spendAttempt(ctx, "passkey:address", addressBlock(ctx.origin.address));
    const known = userId ? await ctx.db.select().from(passkeys).where(eq(passkeys.userId, userId)) : [];
    const options = await (await webauthn()).generateAuthenticationOptions({
      rpID: site.host,
      allowCredentials: known.map(({ credentialId, transports }) => ({
        id: credentialId,
        transports: transports as AuthenticatorTransport[],
      })),
      userVerification: "required",
    });
    await keepChallenge(ctx, holder, options.challenge);
    return options;
  },
});

/** Whose passkey has answered the question this holder was asked; whatever is wrong, the refusal is the same. */
export const takePasskey = command({
  can: "account.open",
  within: "account",
  run: async (ctx, site: Site, holder: string, response: AuthenticationResponseJSON): Promise<Id<"user">> => {
    await spendAttempt(ctx, "passkey:address", addressBlock(ctx.origin.address));
    const expectedChallenge = await takeChallenge(ctx, holder);
    const [passkey] = await ctx.db.select().from(passkeys).where(eq(passkeys.credentialId, response.id));
    if (!passkey) throw refused();
    const { verifyAuthenticationResponse } = await webauthn();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      credential: credentialOf(passkey),
      requireUserVerification: true,
    }).catch((cause: unknown) => notAccepted(cause));
    if (!verified || isCopied(passkey.counter, authenticationInfo.newCounter)) throw refused();
    const set = {
      counter: authenticationInfo.newCounter,
      usedAt: ctx.now,
      isSynced: authenticationInfo.credentialBackedUp,
    };
    await ctx.db.update(passkeys).set(set).where(eq(passkeys.id, passkey.id));
    return passkey.userId;
  },
});

const credentialOf = ({ credentialId, publicKey, counter, transports }: Passkey) => ({
  id: credentialId,
  publicKey: new Uint8Array(publicKey),
  counter,
  transports: transports as AuthenticatorTransport[],
});

function notAccepted(cause: unknown): never {
  throw new AppError("invalid", refused().message, { cause });
}

async function keepChallenge(ctx: AccountContext, holder: string, challenge: string): Promise<void> {
  const set = { challenge, expiresAt: addMinutes(ctx.now, challengeMinutes) };
  await ctx.db
    .insert(challenges)
    .values({ holder, ...set })
    .onConflictDoUpdate({ target: challenges.holder, set });
}

/** The question, once: an answer that was seen on its way is worth nothing. */
async function takeChallenge(ctx: AccountContext, holder: string): Promise<string> {
  const [asked] = await ctx.db
    .delete(challenges)
    .where(and(eq(challenges.holder, holder), gt(challenges.expiresAt, ctx.now)))
    .returning({ challenge: challenges.challenge });
  if (!asked) throw new AppError("invalid", "This took too long. Try again.");
  return asked.challenge;
}

export const forgetOldChallenges = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.delete(challenges).where(lt(challenges.expiresAt, ctx.now));
  },
});
