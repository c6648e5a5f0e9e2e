import { sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Actor } from "./access/actor.ts";

/** Where a request came from, for the audit log and for acceptances. */
export type Origin = { address: string; agent: string };

type Parts = { readonly db: Db; readonly now: Date; readonly actor: Actor; readonly origin: Origin };

declare const isMade: unique symbol;
declare const isEntered: unique symbol;

/** The id of the organization or workspace a context was made for. No other value has this type. */
type Entered<K extends "organization" | "workspace"> = Id<K> & { readonly [isEntered]: K };

/** What every query and command outside an organization gets. Only the makers below build one. */
export type AccountContext = Parts & { readonly [isMade]: true };

/** The same, inside one organization. The tenant comes from the session or the key, never from input. */
export type OrganizationContext = AccountContext & { readonly organizationId: Entered<"organization"> };

/** The same, inside one workspace. */
export type Context = OrganizationContext & { readonly workspaceId: Entered<"workspace"> };

/** A context of no organization: a person's own account, a desk of staff, a job, the operator. The ways in call it. */
export const acrossTenants = (parts: Parts): AccountContext => parts as AccountContext;

/** A context inside an organization that the caller has shown may be entered. */
export const inOrganization = <C extends AccountContext>(ctx: C, organizationId: Id<"organization">) =>
  ({ ...ctx, organizationId }) as C & OrganizationContext;

/** A context inside a workspace of its organization that the caller has shown may be entered. */
export const inWorkspace = <C extends OrganizationContext>(ctx: C, workspaceId: Id<"workspace">) =>
  ({ ...ctx, workspaceId }) as C & Context;

/** The same context acting with other permissions or as another actor, for processes such as founding and joining. */
export const actingAs = <C extends AccountContext>(ctx: C, actor: Actor): C => ({ ...ctx, actor });

type LastStep = { order: string; run: (db: Db) => Promise<void> };

/** What open transactions still have to do before they commit. */
const lastSteps = new WeakMap<Db, LastStep[]>();

/** For reads of several statements that must agree with each other. */
export const snapshot = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

/** Runs `work` in one transaction: all of a change, its audit row, its jobs and its letters, or nothing. */
export function transaction<C extends AccountContext, T>(
  ctx: C,
  work: (ctx: C) => Promise<T>,
  isolation?: typeof snapshot,
): Promise<T> {
  return ctx.db.transaction(async (tx) => {
    const steps: LastStep[] = [];
    lastSteps.set(tx, steps);
    const result = await work({ ...ctx, db: tx });
    const outer = lastSteps.get(ctx.db);
    if (outer) outer.push(...steps);
    else for (const { run } of steps.toSorted(byOrder)) await run(tx);
    return result;
  }, isolation);
}

/** Whether a transaction of ours is open: what cannot be undone must not be part of one. */
export const isInTransaction = (ctx: AccountContext): boolean => lastSteps.has(ctx.db);

const byOrder = (a: LastStep, b: LastStep): number => (a.order < b.order ? -1 : Number(a.order > b.order));

/**
 * Runs a step at the very end of the open transaction, or at once where there is none. A lock that many share is taken
 * last and in one order, so no holder of it waits for another.
 */
export async function beforeCommit(ctx: AccountContext, order: string, run: LastStep["run"]): Promise<void> {
  const steps = lastSteps.get(ctx.db);
  if (steps) steps.push({ order, run });
  else await run(ctx.db);
}

/**
 * Goes on inside an organization that this transaction has made, or found for a person who was not in it. The database
 * shows its rows from here on, until the transaction ends.
 */
export async function enterOrganization<C extends AccountContext>(
  ctx: C,
  organizationId: Id<"organization">,
): Promise<C & OrganizationContext> {
  await ctx.db.execute(sql`select set_config('app.organization', ${organizationId}, true)`);
  return inOrganization(ctx, organizationId);
}

/** Lets the rest of this transaction see every organization's rows: for what only a secret or a proof can find. */
export async function bypassTenant(ctx: AccountContext): Promise<void> {
  await ctx.db.execute(sql`select set_config('app.reach', 'all', true)`);
}
