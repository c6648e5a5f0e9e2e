import { AsyncLocalStorage } from "node:async_hooks";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { NextRequest } from "next/server";
import NextAuth, { type NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { cache } from "react";
import { db } from "#db/client.ts";
import { type Id, isId } from "#db/id.ts";
import type { Actor } from "./access/actor.ts";
import { anonymousPermissions, permissionsOf, rolePermissions, staffPermissions } from "./access/roles.ts";
import { checkPassword } from "./account/commands.ts";
import { userOfIdentity } from "./account/identities/commands.ts";
import type { SignInInput } from "./account/input.ts";
import { sessionDays } from "./account/rules.ts";
import { openSession, revokeSession, touchSession } from "./account/sessions/commands.ts";
import { type LiveSession, liveSession } from "./account/sessions/queries.ts";
import { isSeenLongAgo } from "./account/sessions/rules.ts";
import { now } from "./clock.ts";
import type { AccountContext, Context, Origin } from "./context.ts";
import { env } from "./env.ts";
import { AppError } from "./errors.ts";
import { logError } from "./log.ts";
import { noteFirstUse } from "./organizations/commands.ts";
import { accessTo, myWorkspaces } from "./organizations/queries.ts";
import { hasAgreed } from "./terms/queries.ts";

declare module "next-auth" {
  interface Session {
    sid?: string;
  }
}

/**
 * Whom this process has just recognized, by password or by letter. next-auth is told through here and not through its
 * own form, so that posting to its address opens no session: our commands are the only way in.
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
    useSecureCookies: publicUrl?.startsWith("https:") ?? false,
    session: { strategy: "jwt", maxAge: sessionDays * 86_400 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [person, ...provider()],
    callbacks: {
      signIn: ({ user, account, profile }) => (account?.provider === "oidc" ? recognize(user, profile) : true),
      jwt: async ({ token, user, account }) => {
        if (user && account) return { sid: await begin(user.id) };
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
  return [{ id: "oidc", type: "oidc", name, issuer, clientId, ...(clientSecret && { clientSecret }), checks }];
}

type Claims = { sub?: string | null; email?: string | null; email_verified?: boolean | null; name?: string | null };

/** Puts our id of the person in the place of the provider's, or sends them back with the reason. */
async function recognize(user: { id?: string }, claims: Claims | undefined): Promise<true | string> {
  const { OIDC_ISSUER: issuer = "", OIDC_NAME: name } = env();
  const { sub, email = null, name: given = null } = claims ?? {};
  try {
    if (!sub)
      throw new AppError("forbidden", "The provider did not say who signed in.", { code: "unconfirmed_identity" });
    const profile = { issuer, subject: sub, email, emailVerified: claims?.email_verified === true, name: given };
    user.id = await userOfIdentity(await visitorContext(), profile, name);
    return true;
  } catch (error) {
    if (error instanceof AppError) return `/sign-in?error=${error.code}`;
    throw error;
  }
}

async function begin(userId: string | undefined): Promise<Id<"session">> {
  if (!userId || !isId("user", userId)) throw new Error("A sign-in names nobody we know.");
  return openSession(await visitorContext(), userId);
}

async function end(): Promise<void> {
  const session = await currentSession();
  if (session) await revokeSession(await userContext(session), session.sessionId);
}

function report(error: Error & { type?: string }): void {
  // Bundles shorten class names; `type` stays.
  if (error.type !== "CredentialsSignin") logError("sign-in", error);
}

/** Signs in on this browser, after the password was found right. */
export async function signInWithPassword(ctx: AccountContext, input: SignInInput): Promise<void> {
  await signInAs(await checkPassword(ctx, input));
}

/** Signs in on this browser whoever has just shown, by password or letter, who they are. */
export async function signInAs(userId: Id<"user">): Promise<void> {
  await recognized.run(userId, () => signIn("person", { redirect: false }));
}

/** Sends the browser to the identity provider; it comes back through `handlers`. */
export async function signInWithProvider(next: string): Promise<never> {
  await signIn("oidc", { redirectTo: next });
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

/** Who is signed in on this browser. The row is read on every request, so a revoked session is out on its next one. */
export const currentSession = cache(async (): Promise<LiveSession | null> => {
  const session = await sessionNamed((await auth())?.sid);
  if (session && isSeenLongAgo(session.seenAt, now())) await touchSession(await userContext(session));
  return session;
});

const lengthsMax = { address: 64, agent: 400 };

/** Our front process replaces whatever forwarding header a client sends. */
function originOf(sent: Headers): Origin {
  const address = sent.get("x-forwarded-for")?.split(",")[0]?.trim() || "unknown";
  const agent = sent.get("user-agent")?.trim() || "unknown";
  return { address: address.slice(0, lengthsMax.address), agent: agent.slice(0, lengthsMax.agent) };
}

const visitor: Actor = {
  kind: "anonymous",
  id: "anonymous",
  name: "Visitor",
  permissions: new Set(anonymousPermissions),
};

const visitorContext = async (): Promise<AccountContext> => ({
  db: db(),
  now: now(),
  actor: visitor,
  origin: originOf(await headers()),
});

/** Everybody may do what visitors may, so that a letter's link works in a browser that is signed in already. */
async function userContext({ user, sessionId }: LiveSession): Promise<AccountContext> {
  const permissions = new Set([...anonymousPermissions, "account.manage" as const]);
  return { ...(await visitorContext()), actor: { kind: "user", ...user, sessionId, permissions } };
}

/** The context of a person's own account, or of a visitor. */
export async function accountContext(): Promise<AccountContext> {
  const session = await currentSession();
  return session ? userContext(session) : visitorContext();
}

/** The context of a workspace: the one named, or the one in the page's address, which only proxy.ts can write. */
export async function workspaceContext(workspaceId?: string): Promise<Context> {
  return entered(workspaceId ?? (await headers()).get("x-workspace") ?? "");
}

const entered = cache(async (workspaceId: string): Promise<Context> => {
  const ctx = await accountContext();
  if (ctx.actor.kind === "anonymous") throw new AppError("unauthenticated", "Sign in to continue.");
  if (!isId("workspace", workspaceId)) throw new AppError("not_found", "There is no such workspace.");
  const { organizationId, firstUseAt, roles } = await accessTo(ctx, workspaceId);
  const permissions = new Set([...ctx.actor.permissions, ...permissionsOf(rolePermissions, roles)]);
  const entered = { ...ctx, actor: { ...ctx.actor, permissions }, organizationId, workspaceId };
  if (firstUseAt === null) await noteFirstUse(entered);
  return entered;
});

/** The context of the provider's own people; for everybody else their desks do not exist. */
export async function staffContext(): Promise<AccountContext> {
  const session = await currentSession();
  if (!session) throw new AppError("unauthenticated", "Sign in to continue.");
  const { user, sessionId, staffRoles } = session;
  if (staffRoles.length === 0) throw new AppError("not_found", "There is nothing at this address.");
  const permissions = new Set([...anonymousPermissions, ...permissionsOf(staffPermissions, staffRoles)]);
  return { ...(await visitorContext()), actor: { kind: "staff", ...user, sessionId, permissions } };
}

/** For pages of a workspace: what is not there or not theirs is not found, and nobody enters before agreeing. */
export async function consoleContext(workspaceId: string): Promise<Context> {
  const ctx = await orElsewhere(`/${workspaceId}`, () => workspaceContext(workspaceId));
  if (!(await hasAgreed(ctx))) redirect(`/welcome?workspace=${workspaceId}`);
  return ctx;
}

/** For pages of a person's own account. */
export async function signedInContext(path: string): Promise<AccountContext> {
  const ctx = await accountContext();
  if (ctx.actor.kind === "anonymous") redirect(signInPath(path));
  return ctx;
}

/** For staff pages. */
export const deskContext = (path: string): Promise<AccountContext> => orElsewhere(path, staffContext);

/** The outbox as the demo shows it to everybody; anywhere else it does not exist. */
export async function demoContext(): Promise<AccountContext> {
  if (env().DEMO !== "on") notFound();
  const actor: Actor = { kind: "system", id: "demo", name: "Demo", permissions: new Set(["letters.read"] as const) };
  return { ...(await visitorContext()), actor };
}

async function orElsewhere<C>(path: string, context: () => Promise<C>): Promise<C> {
  try {
    return await context();
  } catch (error) {
    if (error instanceof AppError && error.problem === "unauthenticated") redirect(signInPath(path));
    if (error instanceof AppError && error.problem === "not_found") notFound();
    throw error;
  }
}

const signInPath = (path: string): string => `/sign-in?next=${encodeURIComponent(path)}`;

/** Where a signed-in person's work is: their first workspace, the desks, or the page that founds an organization. */
export async function homePath(ctx: AccountContext): Promise<string> {
  const [first] = await myWorkspaces(ctx);
  if (first) return `/${first.workspace.id}/home`;
  const session = await currentSession();
  return session?.staffRoles.length ? "/staff" : "/welcome";
}
