import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import { keys } from "#db/schema/keys.ts";
import { organizations } from "#db/schema/organizations.ts";
import { type Scope, scopes, spendMonths, usageEvents, usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays, monthOf, startOfDay } from "#lib/core/clock.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { snapshot, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import type { Figures, Range } from "./rules.ts";

/** One day of one model or key; `name` is what people call it. */
export type UsageDay = Figures & { day: string; id: string; name: string };

/** The figures of a row of the sums. */
export const sumFigures = {
  requests: usageSums.requests,
  failed: usageSums.failed,
  promptTokens: usageSums.promptTokens,
  cachedTokens: usageSums.cachedTokens,
  completionTokens: usageSums.completionTokens,
  costPico: usageSums.costPico,
};

/** The workspace's days, from the sums that were written with the events; never computed from events here. */
export async function usageDays(ctx: Context, by: "model" | "key", range: Range): Promise<UsageDay[]> {
  authorize(ctx.actor, "usage.read");
  return ctx.db
    .select({
      day: sql<string>`to_char(${usageSums.start} at time zone 'UTC', 'YYYY-MM-DD')`,
      id: usageSums.value,
      name: by === "model" ? usageSums.value : sql<string>`coalesce(${keys.name}, 'Deleted key')`,
      ...sumFigures,
    })
    .from(usageSums)
    .leftJoin(keys, and(eq(keys.organizationId, usageSums.organizationId), eq(keys.id, usageSums.value as never)))
    .where(
      and(
        eq(usageSums.organizationId, ctx.organizationId),
        eq(usageSums.dimension, by),
        eq(usageSums.grain, "day"),
        gte(usageSums.start, startOfDay(range.from)),
        lt(usageSums.start, addDays(startOfDay(range.to), 1)),
        eq(usageSums.workspaceId, ctx.workspaceId),
      ),
    )
    .orderBy(asc(usageSums.start), asc(usageSums.value));
}

/** What the workspace has spent in the calendar month (UTC) of an instant, in pico-euros. */
export async function spentIn(ctx: Context, month: Date): Promise<bigint> {
  authorize(ctx.actor, "usage.read");
  const [row] = await ctx.db
    .select({ settledPico: spendMonths.settledPico })
    .from(spendMonths)
    .where(
      and(
        eq(spendMonths.organizationId, ctx.organizationId),
        eq(spendMonths.month, monthOf(month)),
        eq(spendMonths.scope, "workspace"),
        eq(spendMonths.scopeId, ctx.workspaceId),
      ),
    );
  return row?.settledPico ?? 0n;
}

/** Whether anything of the workspace has ever reached `/v1`, by the sums. */
export async function hasUsage(ctx: Context): Promise<boolean> {
  authorize(ctx.actor, "workspace.read");
  const found = await ctx.db
    .select({ one: sql`1` })
    .from(usageSums)
    .where(
      and(
        eq(usageSums.organizationId, ctx.organizationId),
        eq(usageSums.dimension, "model"),
        eq(usageSums.grain, "day"),
        eq(usageSums.workspaceId, ctx.workspaceId),
      ),
    )
    .limit(1);
  return found.length > 0;
}

export type Counter = { scope: Scope; id: string; settledPico: bigint; heldPico: bigint; tokens: number };

export type OrganizationUsage = {
  name: string;
  plan: string;
  events: number;
  eventsPico: bigint;
  /** What events cost more than was held for them, and no one was billed. */
  waivedPico: bigint;
  /** Held for requests under way, by every process. */
  heldPico: bigint;
  /** Every scope in the current month. */
  counters: Counter[];
  months: { month: string; settledPico: bigint; heldPico: bigint; tokens: number }[];
};

/** What the operator compares, as of one moment: the events themselves beside the counters. */
export async function organizationUsage(ctx: OrganizationContext): Promise<OrganizationUsage> {
  authorize(ctx.actor, "system.operate");
  return transaction(ctx, comparedAt, snapshot);
}

async function comparedAt({ db, organizationId, now }: OrganizationContext): Promise<OrganizationUsage> {
  const [found] = await db
    .select({ name: organizations.name, plan: planColumn(now) })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  if (!found) throw new AppError("not_found", "There is no such organization.");
  const [events] = await db
    .select({
      count: sql<number>`count(*)`.mapWith(Number),
      pico: sql<bigint>`coalesce(sum(${usageEvents.costPico}), 0)`.mapWith(BigInt),
      waived: sql<bigint>`coalesce(sum(${usageEvents.waivedPico}), 0)`.mapWith(BigInt),
    })
    .from(usageEvents)
    .where(eq(usageEvents.organizationId, organizationId));
  const months = await db
    .select({
      month: spendMonths.month,
      scope: spendMonths.scope,
      id: spendMonths.scopeId,
      settledPico: spendMonths.settledPico,
      heldPico: spendMonths.heldPico,
      tokens: spendMonths.tokens,
    })
    .from(spendMonths)
    .where(eq(spendMonths.organizationId, organizationId))
    .orderBy(asc(spendMonths.month), asc(spendMonths.scopeId));
  const ofAll = months.filter(({ scope }) => scope === "organization");
  return {
    name: found.name,
    plan: found.plan,
    events: events?.count ?? 0,
    eventsPico: events?.pico ?? 0n,
    waivedPico: events?.waived ?? 0n,
    heldPico: ofAll.reduce((sum, { heldPico }) => sum + heldPico, 0n),
    counters: scopes
      .toReversed()
      .flatMap((widest) =>
        months
          .filter(({ month, scope }) => month === monthOf(now) && scope === widest)
          .map(({ month: _month, ...counter }) => counter),
      ),
    months: ofAll.map(({ month, settledPico, heldPico, tokens }) => ({ month, settledPico, heldPico, tokens })),
  };
}
