import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { purgedClasses } from "#lib/domain/retention/classes/rules.ts";
import { measure } from "#lib/domain/retention/stores/commands.ts";
import type { Request } from "#lib/domain/zero-retention/changes/commands.ts";
import { formsOf } from "./rules.ts";

/** The transaction to look from: rows that one later than it wrote are searched. */
export const markStart = part(async (ctx: AccountContext): Promise<string> => {
  const [row] = await ctx.db.execute<{ xid: string }>(
    sql`select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::text as xid`,
  );
  return row?.xid ?? "3";
});

/** Every table there is, of the house and of its queue; what a partition has its table has. */
const everyTable = (ctx: AccountContext) =>
  ctx.db.execute<{ name: string }>(sql`select format('%I.%I', nspname, relname) as name
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname in ('public', 'graphile_worker') order by 1`);

/** T-4.2.2.2-ZDR4: the tables in whose rows since a start a canary stands, in any column and any of its forms. */
export const sweep = part(async (ctx: AccountContext, canary: string, xid: string): Promise<string[]> => {
  const patterns = formsOf(canary).map((form) => `%${form}%`);
  const found: string[] = [];
  for (const { name } of await everyTable(ctx)) {
    const [row] = await ctx.db.execute<{ is_there: boolean }>(sql`select exists (select from ${sql.raw(name)} as it
      where age(it.xmin) <= age(${xid}::xid)
        and to_jsonb(it)::text like any (array[${sql.join(
          patterns.map((one) => sql`${one}`),
          sql`, `,
        )}])) as is_there`);
    if (row?.is_there) found.push(name);
  }
  return found;
});

class Undone extends Error {}

/** Whether a sweep finds what is there: one form after the other is planted, searched for, and taken back. */
export const controlSweep = part(async (ctx: AccountContext, canary: string): Promise<boolean> => {
  const missed: string[] = [];
  for (const form of formsOf(canary)) {
    await transaction(ctx, async (ctx) => {
      const xid = await markStart(ctx);
      await ctx.db.execute(
        sql`insert into rate_buckets (organization_id, name, level, at) values ('org_control', ${`it says ${form}.`}, 0, now())`,
      );
      if ((await sweep(ctx, canary, xid)).length !== 1) missed.push(form);
      throw new Undone();
    }).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  }
  return missed.length === 0;
});

/** The workspace to ask in: the one that is covered, or the organization's first. */
export const placeOf = part(
  async (ctx: OrganizationContext, wanted: Id<"workspace"> | null): Promise<Id<"workspace"> | undefined> => {
    const here = eq(workspaces.organizationId, ctx.organizationId);
    const [found] = await ctx.db
      .select({ id: workspaces.id })
      .from(workspaces)
      .where(wanted ? and(here, eq(workspaces.id, wanted)) : here)
      .orderBy(desc(workspaces.isDefault), asc(workspaces.id))
      .limit(1);
    return found?.id;
  },
);

/** The classes of which something is stored in a scope that should have none of them. */
export const leftIn = part(async (ctx: OrganizationContext, request: Request): Promise<string[]> => {
  const left: string[] = [];
  const kept = request.keepClasses as readonly string[];
  for (const name of purgedClasses.filter((name) => !kept.includes(name))) {
    const { items } = await measure(ctx, name, request);
    if (items > 0) left.push(name);
  }
  return left;
});
