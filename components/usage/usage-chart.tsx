import { ChartReadout, type ReadoutDay } from "#components/charts/chart-readout.tsx";
import { BarsAxis, dayWords, type Series, StackedBars } from "#components/charts/stacked-bars.tsx";
import { dateWords } from "#components/ui/time-words.ts";
import { formatAmount, type Measure, measureWords, type UsageDay } from "./measures.ts";
import { seriesOf } from "./usage-series.ts";

type Props = { rows: readonly UsageDay[]; days: readonly string[]; measure: Measure };

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** Use over days, stacked by model or key. */
export function UsageChart({ rows, days, measure }: Props) {
  const series = seriesOf(rows, days, measure);
  const format = (amount: bigint) => formatAmount(measure, amount);
  const first = days[0] ?? "";
  const last = days.at(-1) ?? "";
  return (
    <ChartReadout
      label={`${measureWords[measure]} by day, ${dayWords(first)} to ${dayWords(last)}. Arrow keys read single days.`}
      days={days.map((day, index) =>
        readout(dateWords(new Date(`${day}T00:00:00Z`)), series, format, (values) => values[index] ?? 0n),
      )}
      whole={readout(`${dayWords(first)} – ${dayWords(last)}`, series, format, total)}
      axis={<BarsAxis days={days} series={series} format={format} />}
    >
      <StackedBars days={days} series={series} />
    </ChartReadout>
  );
}

function readout(
  label: string,
  series: readonly Series[],
  format: (amount: bigint) => string,
  pick: (values: readonly bigint[]) => bigint,
): ReadoutDay {
  const amounts = series.map(({ values }) => pick(values));
  const lines = series
    .map(({ name }, index) => ({ name, series: index, amount: amounts[index] ?? 0n }))
    .filter(({ amount }) => amount > 0n)
    .map(({ name, series, amount }) => ({ name, series, text: format(amount) }));
  return { label, total: format(total(amounts)), lines };
}
