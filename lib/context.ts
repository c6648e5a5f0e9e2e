import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Actor } from "#lib/access/actor.ts";

/** Where a request came from, for the audit log and for acceptances. */
export type Origin = { address: string; agent: string };

/** What every query and command about a person's own account gets. Only the doors make one. */
export type AccountContext = { readonly db: Db; readonly now: Date; readonly actor: Actor; readonly origin: Origin };

/** The same, inside one organization. The tenant comes from the session or the key, never from input. */
export type OrganizationContext = AccountContext & { readonly organizationId: Id<"organization"> };

/** The same, inside one workspace. */
export type Context = OrganizationContext & { readonly workspaceId: Id<"workspace"> };

/** Runs `work` in one transaction: all of a change, its audit row, its jobs and its letters, or nothing. */
export function within<C extends AccountContext, T>(ctx: C, work: (ctx: C) => Promise<T>): Promise<T> {
  return ctx.db.transaction((tx) => work({ ...ctx, db: tx }));
}
