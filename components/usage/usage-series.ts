import { mostSeries } from "#components/charts/series-tone.ts";
import type { Series } from "#components/charts/stacked-bars.tsx";
import { amountOf, type Measure, type UsageDay } from "./measures.ts";

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** Everything of one model or key over the whole range. */
export type UsageTotal = Omit<UsageDay, "day">;

export function totalsOf(rows: readonly UsageDay[]): UsageTotal[] {
  const totals = new Map<string, UsageTotal>();
  for (const { day: _day, ...row } of rows) {
    const before = totals.get(row.id);
    totals.set(row.id, before ? added(before, row) : row);
  }
  return [...totals.values()].sort((a, b) =>
    a.costPico === b.costPico ? b.requests - a.requests : a.costPico < b.costPico ? 1 : -1,
  );
}

export const added = (a: UsageTotal, b: UsageTotal): UsageTotal => ({
  id: a.id,
  name: a.name,
  requests: a.requests + b.requests,
  failed: a.failed + b.failed,
  promptTokens: a.promptTokens + b.promptTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  completionTokens: a.completionTokens + b.completionTokens,
  costPico: a.costPico + b.costPico,
});

/** The biggest five over the range, each with a value for every day, and the rest as "Other". */
export function seriesOf(rows: readonly UsageDay[], days: readonly string[], measure: Measure): Series[] {
  const place = new Map(days.map((day, index) => [day, index]));
  const byId = new Map<string, { id: string; name: string; values: bigint[] }>();
  for (const row of rows) {
    const index = place.get(row.day);
    if (index === undefined) continue;
    const series = byId.get(row.id) ?? { id: row.id, name: row.name, values: days.map(() => 0n) };
    series.values[index] = (series.values[index] ?? 0n) + amountOf[measure](row);
    byId.set(row.id, series);
  }
  const ranked = [...byId.values()]
    .map((series) => ({ series, total: sum(series.values) }))
    .sort((a, b) => (a.total < b.total ? 1 : a.total > b.total ? -1 : 0))
    .map(({ series }) => series);
  if (ranked.length <= mostSeries) return ranked;
  const rest = ranked.slice(mostSeries);
  const other = {
    id: "other",
    name: "Other",
    values: days.map((_, day) => sum(rest.map((series) => series.values[day] ?? 0n))),
  };
  return [...ranked.slice(0, mostSeries), other];
}
