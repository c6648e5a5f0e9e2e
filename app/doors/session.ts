import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { type Id, isId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { permissionsUnder } from "#lib/core/access/status.ts";
import { type Guarded, guarded, isRecent, recentMinutes } from "#lib/core/access/step-up.ts";
import { now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { actingAs, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { requiresSecondFactor } from "#lib/domain/account/requirement/queries.ts";
import { touchSession } from "#lib/domain/account/sessions/commands.ts";
import type { LiveSession } from "#lib/domain/account/sessions/queries.ts";
import { isSeenLongAgo } from "#lib/domain/account/sessions/rules.ts";
import { noteFirstUse } from "#lib/domain/organizations/commands.ts";
import { accessTo, myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { agreeByUse } from "#lib/domain/publications/changes/commands.ts";
import { secondFactorNeeded, staffActor } from "#lib/domain/staff/entering/rules.ts";
import { hasAgreed } from "#lib/domain/terms/queries.ts";
import { cookieSession } from "./sign-in.ts";
import { personContext, visitorContext } from "./visitor.ts";

/** Who is signed in on this browser. The row is read on every request, so a revoked session is out on its next one. */
export const currentSession = cache(async (): Promise<LiveSession | null> => {
  const session = await cookieSession();
  if (session && isSeenLongAgo(session.seenAt, now())) await touchSession(await personContext(session));
  return session;
});

/** For what cannot be undone: refuses unless this person has shown in the last minutes that it is they. */
export async function refuseStale(what: Guarded): Promise<void> {
  const session = await currentSession();
  if (session && isRecent(session.provenAt, now())) return;
  const message = `Sign in again to ${guarded[what]}: the last time was more than ${recentMinutes} minutes ago.`;
  throw new AppError("step_up_required", message);
}

/** The context of a person's own account, or of a visitor. */
export async function accountContext(): Promise<AccountContext> {
  const session = await currentSession();
  return session ? personContext(session) : visitorContext();
}

/** The context of a workspace: the one named, or the one in the page's address, which only proxy.ts can write. */
export async function workspaceContext(workspaceId?: string): Promise<Context> {
  return entered(workspaceId ?? (await headers()).get("x-workspace") ?? "");
}

const entered = cache(async (workspaceId: string): Promise<Context> => {
  const ctx = await accountContext();
  if (ctx.actor.kind === "anonymous") throw new AppError("unauthenticated", "Sign in to continue.");
  if (!isId("workspace", workspaceId)) throw new AppError("not_found", "There is no such workspace.");
  const { organizationId, status, firstUseAt, roles } = await accessTo(ctx, workspaceId);
  await refuseWithoutFactor(ctx, organizationId);
  const held = new Set([...ctx.actor.permissions, ...permissionsOf(rolePermissions, roles)]);
  const permissions = permissionsUnder(status, held);
  const actor = { ...ctx.actor, permissions };
  const parts = { ...ctx, db: tenantDb({ organizationId, userId: personOf(ctx.actor).id }), actor };
  const entered = inWorkspace(inOrganization(parts, organizationId), workspaceId);
  if (firstUseAt === null) await noteFirstUse(entered);
  return entered;
});

/** Where an organization asks for a second factor, no one enters without one: pages, actions and files alike. */
async function refuseWithoutFactor(ctx: AccountContext, organizationId: Id<"organization">): Promise<void> {
  const session = await currentSession();
  if (session?.hasSecondFactor || !(await requiresSecondFactor(ctx, organizationId))) return;
  const message = "This organization asks its members for a second factor. Add one to your account to go on.";
  throw new AppError("forbidden", message, { code: secondFactorNeeded });
}

/** The context of the provider's own people; for everyone else their desks do not exist. */
export async function staffContext(): Promise<AccountContext> {
  const session = await currentSession();
  if (!session) throw new AppError("unauthenticated", "Sign in to continue.");
  return actingAs(await visitorContext({ isStaff: true }), staffActor(session, env()));
}

/** For pages of a workspace: what is not there or not theirs is not found, and no one enters before agreeing. */
export async function consoleContext(workspaceId: string): Promise<Context> {
  const ctx = await memberContext(workspaceId);
  // A former customer agrees to nothing new.
  if (!can(ctx.actor, "models.read")) return ctx;
  if (!(await hasAgreed(ctx))) redirect(`/welcome?workspace=${workspaceId}`);
  await agreeByUse(ctx, { userId: personOf(ctx.actor).id });
  return ctx;
}

/** The same before agreeing. A person who lacks the second factor that is asked of them is sent to add one. */
export async function memberContext(workspaceId: string): Promise<Context> {
  try {
    return await orElsewhere(`/${workspaceId}`, () => workspaceContext(workspaceId));
  } catch (error) {
    if (isFactorNeeded(error)) redirect(`/account?for=${workspaceId}`);
    throw error;
  }
}

const isFactorNeeded = (error: unknown): boolean => error instanceof AppError && error.code === secondFactorNeeded;

/** A workspace to show a person's own pages in: the first they may enter now, if there is one. */
export async function frameContext(ctx: AccountContext): Promise<Context | null> {
  for (const { workspace } of await myWorkspaces(ctx)) {
    try {
      return await workspaceContext(workspace.id);
    } catch (error) {
      if (!isFactorNeeded(error)) throw error;
    }
  }
  return null;
}

/** For pages of a person's own account. */
export async function signedInContext(path: string): Promise<AccountContext> {
  const ctx = await accountContext();
  if (ctx.actor.kind === "anonymous") redirect(signInPath(path));
  return ctx;
}

/** For staff pages. Staff without the second factor that is asked of them are sent to add one. */
export async function deskContext(path: string): Promise<AccountContext> {
  try {
    return await orElsewhere(path, staffContext);
  } catch (error) {
    if (isFactorNeeded(error)) redirect("/account?for=staff");
    throw error;
  }
}

/** The outbox as the demo shows it to everyone; anywhere else it does not exist. */
export async function demoContext(): Promise<AccountContext> {
  if (env().DEMO !== "on") notFound();
  const actor: Actor = { kind: "system", id: "demo", name: "Demo", permissions: new Set(["letters.read"] as const) };
  return actingAs(await visitorContext({ isStaff: true }), actor);
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
