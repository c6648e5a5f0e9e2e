import { and, asc, between, eq, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { organizations } from "#db/schema/organizations.ts";
import { spendMonths, usageDaysByKey, usageDaysByModel, usageEvents } from "#db/schema/usage.ts";
import { authorize } from "#lib/access/authorize.ts";
import { monthOf } from "#lib/clock.ts";
import type { Context, OrganizationContext } from "#lib/context.ts";
import { AppError } from "#lib/errors.ts";
import type { Range } from "./rules.ts";

export type Sums = {
  requests: number;
  failed: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  costPico: bigint;
};

/** One day of one model or key; `name` is what people call it. */
export type UsageDay = Sums & { day: string; id: string; name: string };

type Days = typeof usageDaysByModel | typeof usageDaysByKey;

const sumsOf = (days: Days) => ({
  requests: days.requests,
  failed: days.failed,
  promptTokens: days.promptTokens,
  cachedTokens: days.cachedTokens,
  completionTokens: days.completionTokens,
  costPico: days.costPico,
});

const inRange = (ctx: Context, days: Days, { from, to }: Range): SQL | undefined =>
  and(eq(days.organizationId, ctx.organizationId), eq(days.workspaceId, ctx.workspaceId), between(days.day, from, to));

/** The workspace's days, from the sums that were written with the events; never computed from events here. */
export async function usageDays(ctx: Context, by: "model" | "key", range: Range): Promise<UsageDay[]> {
  authorize(ctx.actor, "usage.read");
  if (by === "model") {
    const { model, day } = usageDaysByModel;
    return ctx.db
      .select({ day, id: model, name: model, ...sumsOf(usageDaysByModel) })
      .from(usageDaysByModel)
      .where(inRange(ctx, usageDaysByModel, range))
      .orderBy(asc(day), asc(model));
  }
  const { keyId, day } = usageDaysByKey;
  const name = sql<string>`coalesce(${keys.name}, 'Deleted key')`;
  return ctx.db
    .select({ day, id: keyId, name, ...sumsOf(usageDaysByKey) })
    .from(usageDaysByKey)
    .leftJoin(keys, and(eq(keys.organizationId, usageDaysByKey.organizationId), eq(keys.id, keyId)))
    .where(inRange(ctx, usageDaysByKey, range))
    .orderBy(asc(day), asc(keyId));
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
    .from(usageDaysByModel)
    .where(
      and(eq(usageDaysByModel.organizationId, ctx.organizationId), eq(usageDaysByModel.workspaceId, ctx.workspaceId)),
    )
    .limit(1);
  return found.length > 0;
}

export type OrganizationUsage = {
  name: string;
  plan: string;
  events: number;
  eventsPico: bigint;
  months: { month: string; settledPico: bigint }[];
};

/** What the operator compares: the events themselves beside the counters. */
export async function organizationUsage(ctx: OrganizationContext): Promise<OrganizationUsage> {
  authorize(ctx.actor, "usage.read");
  const [found] = await ctx.db.select().from(organizations).where(eq(organizations.id, ctx.organizationId));
  if (!found) throw new AppError("not_found", "There is no such organization.");
  const [events] = await ctx.db
    .select({
      count: sql<number>`count(*)`.mapWith(Number),
      pico: sql<string>`coalesce(sum(${usageEvents.costPico}), 0)`.mapWith(BigInt),
    })
    .from(usageEvents)
    .where(eq(usageEvents.organizationId, ctx.organizationId));
  const months = await ctx.db
    .select({ month: spendMonths.month, settledPico: spendMonths.settledPico })
    .from(spendMonths)
    .where(
      and(
        eq(spendMonths.organizationId, ctx.organizationId),
        eq(spendMonths.scope, "organization"),
        eq(spendMonths.scopeId, ctx.organizationId as Id<"organization">),
      ),
    )
    .orderBy(asc(spendMonths.month));
  return {
    name: found.name,
    plan: found.plan,
    events: events?.count ?? 0,
    eventsPico: BigInt(events?.pico ?? 0),
    months,
  };
}
