import { AsyncLocalStorage } from "node:async_hooks";
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { cookies } from "next/headers";
import { NextRequest } from "next/server";
import NextAuth, { type NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { cache } from "react";
import { type Id, isId } from "#db/id.ts";
import { type Claims, profileOf, provenAtProvider, sessionDays } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import { hasFactor } from "#lib/domain/account/factors/rules.ts";
import { userOfIdentity } from "#lib/domain/account/identities/commands.ts";
import { provenEmail } from "#lib/domain/account/identities/rules.ts";
import { nextPath, type SignInInput } from "#lib/domain/account/input.ts";
import { askForPasskey, takePasskey } from "#lib/domain/account/passkeys/commands.ts";
import { type Entered, openPending } from "#lib/domain/account/pending/commands.ts";
import { personNamed } from "#lib/domain/account/queries.ts";
import { openSession, revokeSession } from "#lib/domain/account/sessions/commands.ts";
import { type LiveSession, liveSession } from "#lib/domain/account/sessions/queries.ts";
import { joinByProvider } from "#lib/domain/domains/commands.ts";
import { checkPassword } from "#lib/domain/sign-up/commands.ts";
import { dropPending, isSecure, keepPending, personContext, site, thisDevice, visitorContext } from "./visitor.ts";

declare module "next-auth" {
  interface Session {
    sid?: string;
  }
  interface User {
    /** When the provider itself last asked who they are, where it says so. */
    provenAt?: Date;
  }
}

const secondFactorPath = "/sign-in/second-factor";

/**
 * Who this process has just recognized, by everything their account asks for. next-auth is told through here and not
 * through its own form, so that posting to its address opens no session: our commands are the only way in.
 */
const recognized = new AsyncLocalStorage<Id<"user">>();

const {
  handlers: routes,
  auth,
  signIn,
  signOut,
} = NextAuth((): NextAuthConfig => {
  const { AUTH_SECRET: secret, PUBLIC_URL: publicUrl } = env();
  // next-auth reads its own address from here and nowhere else.
  if (publicUrl) process.env.AUTH_URL ??= publicUrl;
  return {
    secret,
    trustHost: true,
    useSecureCookies: isSecure(),
    session: { strategy: "jwt", maxAge: sessionDays * 86_400 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [person, ...provider()],
    callbacks: {
      signIn: ({ user, account, profile }) =>
        account?.provider === "oidc" ? recognize(user, claimsIn(account.id_token), profile ?? {}) : true,
      jwt: async ({ token, user, account }) => {
        if (user && account) return { sid: await begin(user.id, user.provenAt) };
        return (await sessionNamed(token.sid)) ? token : null;
      },
      session: ({ session, token }) => ({ expires: session.expires, sid: String(token.sid) }),
    },
    events: { signOut: end },
    logger: { error: report, warn: () => {}, debug: () => {} },
  };
});

/** Requests arrive from our front process, so the address they seem to have is not the one people see. */
function atPublicAddress(request: NextRequest): NextRequest {
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  if (!host) return request;
  const scheme = request.headers.get("x-forwarded-proto") ?? "http";
  const { pathname, search } = request.nextUrl;
  return new NextRequest(new URL(pathname + search, `${scheme}://${host}`), request);
}

export const handlers = {
  GET: (request: NextRequest) => routes.GET(atPublicAddress(request)),
  POST: (request: NextRequest) => routes.POST(atPublicAddress(request)),
};

const person = Credentials({
  id: "person",
  credentials: {},
  authorize: () => {
    const id = recognized.getStore();
    return id ? { id } : null;
  },
});

function provider(): NextAuthConfig["providers"] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, OIDC_NAME: name } = env();
  if (!issuer || !clientId) return [];
  const checks: ("pkce" | "state" | "nonce")[] = ["pkce", "state", "nonce"];
  const client = { clientId, ...(clientSecret && { clientSecret }) };
  // Many providers say who a person is at their userinfo endpoint only; `claimsOf` reads both.
  return [{ id: "oidc", type: "oidc", name, issuer, ...client, checks, idToken: false }];
}

/** What the provider says in its token, which was checked by now. */
function claimsIn(idToken: string | undefined): Claims {
  const payload = idToken?.split(".")[1];
  return payload ? (JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims) : {};
}

/**
 * Puts our id of the person in the place of the provider's, or sends them on: back with the reason, or to show the second
 * factor their account asks for, whichever door they came through.
 */
async function recognize(
  user: { id?: string; provenAt?: Date },
  token: Claims,
  userinfo: Claims,
): Promise<true | string> {
  const { OIDC_ISSUER: issuer = "", OIDC_NAME: name } = env();
  try {
    const profile = profileOf(issuer, token, userinfo);
    if (!profile)
      throw new AppError("forbidden", "The provider did not say who signed in.", { code: "unconfirmed_identity" });
    const visitor = await visitorContext();
    const userId = await userOfIdentity(visitor, profile, name);
    const proven = provenEmail(profile);
    if (proven) {
      const user = await personNamed(visitor, userId);
      await joinByProvider(await personContext({ user, sessionId: "ses_none" }), proven);
    }
    user.id = userId;
    user.provenAt = provenAtProvider(token, visitor.now);
    if (!hasFactor(await meansOf(visitor, userId))) return true;
    return await askForSecond(visitor, { userId, next: await providerNext() });
  } catch (error) {
    if (error instanceof AppError) return `/sign-in?error=${error.code}`;
    throw error;
  }
}

/** Where a person was going when they were sent to the provider. */
async function providerNext(): Promise<string> {
  const kept = (await cookies()).getAll().find(({ name }) => name.endsWith("authjs.callback-url"))?.value;
  if (!kept || !URL.canParse(kept, "http://localhost")) return "/";
  const { pathname, search } = new URL(kept, "http://localhost");
  return nextPath.parse(pathname + search);
}

/** Opens the session of a sign-in and ends the one this browser had: no sign-in goes on with an id from before it. */
async function begin(userId: string | undefined, provenAt?: Date): Promise<Id<"session">> {
  if (!userId || !isId("user", userId)) throw new Error("A sign-in names nobody we know.");
  const deviceId = await thisDevice();
  await end();
  await dropPending();
  return openSession(await visitorContext(), userId, { deviceId, ...(provenAt && { provenAt }) });
}

async function end(): Promise<void> {
  const session = await cookieSession();
  if (!session) return;
  try {
    await revokeSession(await personContext(session), { session: session.sessionId });
  } catch (error) {
    // What this request did has ended it already, such as a new password or the end of the account.
    if (!(error instanceof AppError) || error.problem !== "not_found") throw error;
  }
}

function report(error: Error & { type?: string }): void {
  // Bundles shorten class names; `type` stays.
  if (error.type !== "CredentialsSignin") logError("sign-in", error);
}

/** Says where a person goes on whose password was found right: to where they wanted, or to the second factor. */
export async function signInWithPassword(ctx: AccountContext, input: SignInInput): Promise<string> {
  return signInAs(await checkPassword(ctx, input, await thisDevice()), input.next);
}

/** The same for the person who has just shown, by password or letter, who they are. */
export async function signInAs(userId: Id<"user">, next = "/"): Promise<string> {
  const visitor = await visitorContext();
  if (hasFactor(await meansOf(visitor, userId))) return askForSecond(visitor, { userId, next });
  await enterAs(userId);
  return next;
}

async function askForSecond(ctx: AccountContext, { userId, next }: Entered): Promise<string> {
  await keepPending(await openPending(ctx, userId, next));
  return secondFactorPath;
}

/** Signs in on this browser a person who has shown everything their account asks for. */
export async function enterAs(userId: Id<"user">): Promise<void> {
  await recognized.run(userId, () => signIn("person", { redirect: false }));
}

/** What a passkey is asked that may be anyone's; the answer counts in the browser that was asked. */
export const askAnyPasskey = async (ctx: AccountContext) => askForPasskey(ctx, await site(), await holder());

/** Signs in by a passkey alone: it is something one has, and it has checked who uses it. */
export async function signInWithPasskey(ctx: AccountContext, answer: AuthenticationResponseJSON): Promise<void> {
  await enterAs(await takePasskey(ctx, await site(), await holder(), answer));
}

const holder = async (): Promise<string> => `device:${await thisDevice()}`;

/** A provider that is told how old its own sign-in may be has to say when that was. */
const signedInLately = { max_age: String(sessionDays * 86_400) };

/** Sends the browser to the identity provider; it comes back through `handlers`. `again` has the provider ask anew. */
export async function signInWithProvider(next: string, again = false): Promise<never> {
  await signIn("oidc", { redirectTo: next }, again ? { prompt: "login", max_age: "0" } : signedInLately);
  throw new AppError("unavailable", "The identity provider did not answer.");
}

/** Revokes this browser's session and takes its cookie. */
export async function signOutHere(): Promise<void> {
  await signOut({ redirect: false });
}

const sessionNamed = cache(async (sid: unknown): Promise<LiveSession | null> => {
  if (typeof sid !== "string" || !isId("session", sid)) return null;
  return liveSession(await visitorContext(), sid);
});

/** The session this browser's cookie names, if it lives. */
export const cookieSession = cache(async (): Promise<LiveSession | null> => sessionNamed((await auth())?.sid));
