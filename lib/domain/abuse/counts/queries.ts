import { and, asc, desc, eq, gt, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { abuseMonths, abuseRules, abuseTotals } from "#db/schema/monitoring.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { endOfMonth, monthOf, startOfDay } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { type CountName, countNames, noCounts } from "./rules.ts";
import type { MonitoringMonth, MonitoringYear } from "./view.ts";

/** What monitoring did about this organization: this month, and every month there was any, the latest first. */
export async function monitoringMonths(ctx: OrganizationContext): Promise<MonitoringMonth[]> {
  authorize(ctx.actor, "privacy.read");
  const kept = await ctx.db
    .select()
    .from(abuseMonths)
    .where(eq(abuseMonths.organizationId, ctx.organizationId))
    .orderBy(desc(abuseMonths.month));
  const current = monthOf(ctx.now);
  const quiet = { ...noCounts, month: current, models: [] };
  const rows = kept.some(({ month }) => month === current) ? kept : [quiet, ...kept];
  const months: MonitoringMonth[] = [];
  for (const row of rows) {
    const counts = Object.fromEntries(countNames.map((name) => [name, row[name]])) as Record<CountName, number>;
    months.push({ ...counts, month: row.month, models: row.models, rules: await rulesIn(ctx, row.month) });
  }
  return months;
}

/** Their names and versions: what they look for would tell how to get around them. */
async function rulesIn(ctx: OrganizationContext, month: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ name: abuseRules.name, version: abuseRules.version })
    .from(abuseRules)
    .where(
      and(
        isNotNull(abuseRules.startedAt),
        lt(abuseRules.startedAt, endOfMonth(month)),
        or(isNull(abuseRules.endedAt), gt(abuseRules.endedAt, startOfDay(month))),
      ),
    )
    .orderBy(asc(abuseRules.name), asc(abuseRules.version));
  return rows.map(({ name, version }) => `${name} (version ${version})`);
}

const total = (name: CountName): SQL<number> => sql<number>`sum(${abuseTotals[name]})`.mapWith(Number);

/** What monitoring did about all customers together, year by year, the latest first. Anyone can read it. */
export async function monitoringYears(ctx: AccountContext): Promise<MonitoringYear[]> {
  authorize(ctx.actor, "account.open");
  const year = sql<number>`extract(year from ${abuseTotals.month})`.mapWith(Number);
  const sums = Object.fromEntries(countNames.map((name) => [name, total(name)])) as Record<CountName, SQL<number>>;
  return ctx.db
    .select({ year, ...sums })
    .from(abuseTotals)
    .groupBy(sql`1`)
    .orderBy(desc(sql`1`));
}
