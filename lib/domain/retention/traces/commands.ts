import { sql } from "drizzle-orm";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";

/**
 * Has the embedded database remove its log of what went before, which still has what was deleted since the last checkpoint.
 * Another database is its operator's: there, only keys that are gone count.
 */
export const dropTraces = part(async (ctx: AccountContext, isOurs: boolean = env().DEMO === "on"): Promise<void> => {
  if (!isOurs) return;
  // The file in use cannot go, nor the one that the last checkpoint is in.
  for (let file = 0; file < 2; file++) await ctx.db.execute(sql`select pg_switch_wal()`);
  await ctx.db.execute(sql`checkpoint`);
});
