import { and, eq, gte, lt, min, sql, sum } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { dayOf, startOfDay } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { LimitStanding } from "#lib/domain/limits/rules.ts";
import { type SpendRate, spendRateFrom, spendRateOf } from "./rules.ts";

const dayText = sql<string>`to_char(${usageSums.start} at time zone 'UTC', 'YYYY-MM-DD')`;

/** How fast something spends, from the sums by day; null before it has spent for a full day. */
export async function spendRate(
  ctx: OrganizationContext,
  { scope, scopeId }: Pick<LimitStanding, "scope" | "scopeId">,
): Promise<SpendRate | null> {
  authorize(ctx.actor, "limits.read");
  const dimension = scope === "key" ? "key" : "model";
  const its = and(
    eq(usageSums.organizationId, ctx.organizationId),
    eq(usageSums.dimension, dimension),
    eq(usageSums.grain, "day"),
    lt(usageSums.start, startOfDay(dayOf(ctx.now))),
    scope === "workspace" ? eq(usageSums.workspaceId, scopeId as Id<"workspace">) : undefined,
    scope === "key" ? eq(usageSums.value, scopeId) : undefined,
  );
  const [[first], days] = await Promise.all([
    ctx.db
      .select({ at: min(usageSums.start) })
      .from(usageSums)
      .where(its),
    ctx.db
      .select({ day: dayText, spentPico: sum(usageSums.costPico).mapWith(BigInt) })
      .from(usageSums)
      .where(and(its, gte(usageSums.start, startOfDay(spendRateFrom(ctx.now)))))
      .groupBy(dayText),
  ]);
  const spent = days.map(({ day, spentPico }) => ({ day, spentPico: spentPico ?? 0n }));
  return spendRateOf(spent, first?.at ? dayOf(first.at) : null, ctx.now);
}
