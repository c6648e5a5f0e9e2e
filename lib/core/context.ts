import { sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Actor } from "./access/actor.ts";

/** Where a request came from, for the audit log and for acceptances. */
export type Origin = { address: string; agent: string };

/** What every query and command about a person's own account gets. Only the doors make one. */
export type AccountContext = { readonly db: Db; readonly now: Date; readonly actor: Actor; readonly origin: Origin };

/** The same, inside one organization. The tenant comes from the session or the key, never from input. */
export type OrganizationContext = AccountContext & { readonly organizationId: Id<"organization"> };

/** The same, inside one workspace. */
export type Context = OrganizationContext & { readonly workspaceId: Id<"workspace"> };

type LastStep = { order: string; run: (db: Db) => Promise<void> };

/** What open transactions still have to do before they end. */
const lastSteps = new WeakMap<Db, LastStep[]>();

/** Runs `work` in one transaction: all of a change, its audit row, its jobs and its letters, or nothing. */
export function within<C extends AccountContext, T>(ctx: C, work: (ctx: C) => Promise<T>): Promise<T> {
  return ctx.db.transaction(async (tx) => {
    const steps: LastStep[] = [];
    lastSteps.set(tx, steps);
    const result = await work({ ...ctx, db: tx });
    const outer = lastSteps.get(ctx.db);
    if (outer) outer.push(...steps);
    else for (const { run } of steps.toSorted(byOrder)) await run(tx);
    return result;
  });
}

const byOrder = (a: LastStep, b: LastStep): number => (a.order < b.order ? -1 : Number(a.order > b.order));

/**
 * Runs a step at the very end of the transaction that `within` opened, or at once where there is none. For what takes a
 * lock that many share: taken last, and in one order, it is never held by somebody who waits for another.
 */
export async function lastly(ctx: AccountContext, order: string, run: LastStep["run"]): Promise<void> {
  const steps = lastSteps.get(ctx.db);
  if (steps) steps.push({ order, run });
  else await run(ctx.db);
}

/**
 * Goes on inside an organization that this transaction has made or found for somebody who was not in one: the database
 * shows its rows from here on, until the transaction ends.
 */
export async function enter<C extends AccountContext>(
  ctx: C,
  organizationId: Id<"organization">,
): Promise<C & OrganizationContext> {
  await ctx.db.execute(sql`select set_config('app.organization', ${organizationId}, true)`);
  return { ...ctx, organizationId };
}

/** Looks into every organization for the rest of this transaction: for what is found by a secret or a proof alone. */
export async function lookEverywhere(ctx: AccountContext): Promise<void> {
  await ctx.db.execute(sql`select set_config('app.reach', 'all', true)`);
}
