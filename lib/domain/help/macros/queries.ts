import { and, asc, eq, sql } from "drizzle-orm";
import { macros } from "#db/schema/help.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { Macro } from "./view.ts";

const newest = sql`${macros.version} = (select max(later.version) from macros as later where later.id = ${macros.id})`;

/** The macros that can be used, each in its newest version, by name. */
export async function macrosInUse(ctx: AccountContext): Promise<Macro[]> {
  authorize(ctx.actor, "tickets.decide");
  return ctx.db
    .select()
    .from(macros)
    .where(and(newest, eq(macros.isRetired, false)))
    .orderBy(asc(sql`lower(${macros.name})`))
    .limit(500);
}
