import type { MonthSum } from "#components/home/month-figures.tsx";
import { addDays, dayOf, monthOf } from "#lib/core/clock.ts";
import type { UsageDay } from "#lib/domain/usage/queries.ts";
import type { Range } from "#lib/domain/usage/rules.ts";

const chartDays = 30;

/** The days the page needs in one question: all of last month, this month, and the chart's. */
export function askedRange(now: Date): Range {
  const chartFrom = chartRange(now).from;
  const monthFrom = lastMonthStart(now);
  return { from: monthFrom < chartFrom ? monthFrom : chartFrom, to: dayOf(now) };
}

export const chartRange = (now: Date): Range => ({ from: dayOf(addDays(now, 1 - chartDays)), to: dayOf(now) });

const lastMonthStart = (now: Date): string => monthOf(addDays(new Date(monthOf(now)), -1));

/** This month, last month up to the same day, and all of last month. */
export function monthsOf(rows: readonly UsageDay[], now: Date) {
  const thisStart = monthOf(now);
  const lastStart = lastMonthStart(now);
  const dayOfMonth = dayOf(now).slice(8);
  const last = rows.filter(({ day }) => day >= lastStart && day < thisStart);
  return {
    thisMonth: sumOf(rows.filter(({ day }) => day >= thisStart)),
    lastMonth: sumOf(last),
    lastMonthSoFar: sumOf(last.filter(({ day }) => day.slice(8) <= dayOfMonth)),
  };
}

function sumOf(rows: readonly UsageDay[]): MonthSum {
  const sum = { spentPico: 0n, requests: 0, failed: 0, tokens: 0 };
  for (const row of rows) {
    sum.spentPico += row.costPico;
    sum.requests += row.requests;
    sum.failed += row.failed;
    sum.tokens += row.promptTokens + row.completionTokens;
  }
  return sum;
}

const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });

export const monthName = (now: Date): string => monthFormat.format(now);
