import { mostSeries } from "#components/charts/series-tone.ts";
import type { Series } from "#components/charts/stacked-bars.tsx";
import type { UsagePoint } from "#lib/domain/usage/explorer/view.ts";
import { amountOf, type Measure } from "./measures.ts";

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** The biggest five, each with a value for every bucket, and the rest as "Other". */
export function seriesOf(
  points: readonly UsagePoint[],
  buckets: readonly string[],
  measure: Measure,
  nameOf: (id: string) => string = (id) => id,
): Series[] {
  const place = new Map(buckets.map((bucket, index) => [bucket, index]));
  const byId = new Map<string | null, bigint[]>();
  for (const point of points) {
    const index = place.get(point.bucket);
    if (index === undefined) continue;
    const values = byId.get(point.id) ?? buckets.map(() => 0n);
    values[index] = (values[index] ?? 0n) + amountOf[measure](point);
    byId.set(point.id, values);
  }
  const ranked = [...byId]
    .flatMap(([id, values]) => (id === null ? [] : [{ id, name: nameOf(id), values, total: sum(values) }]))
    .sort((a, b) => (a.total < b.total ? 1 : a.total > b.total ? -1 : 0))
    .map(({ id, name, values }) => ({ id, name, values }));
  const rest = [
    ...ranked.slice(mostSeries).map(({ values }) => values),
    ...(byId.has(null) ? [byId.get(null) ?? []] : []),
  ];
  const shown = ranked.slice(0, mostSeries);
  if (rest.length === 0) return shown;
  const values = buckets.map((_, index) => sum(rest.map((its) => its[index] ?? 0n)));
  return [...shown, { id: "others", name: "Other", values }];
}
