import { ChartReadout, type ReadoutDay } from "#components/charts/chart-readout.tsx";
import { BarsAxis, type Series, StackedBars } from "#components/charts/stacked-bars.tsx";
import type { UsagePoint } from "#lib/domain/usage/explorer/view.ts";
import { axisOf, bucketWords, dayWords } from "./bucket-words.ts";
import { formatAmount, formatterOf, type Measure, measureWords } from "./measures.ts";
import { seriesOf } from "./usage-series.ts";

type Props = {
  points: readonly UsagePoint[];
  /** The days or hours of the axis. */
  buckets: readonly string[];
  measure: Measure;
  nameOf?: (id: string) => string;
  /** The period before, by the same number of buckets. */
  before?: readonly bigint[] | undefined;
};

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** Use over days or hours, stacked by what it is grouped by. */
export function UsageChart({ points, buckets, measure, nameOf, before }: Props) {
  const series = seriesOf(points, buckets, measure, nameOf);
  const format = (amount: bigint) => formatAmount(measure, amount);
  const { labels, labelStep } = axisOf(buckets);
  const [first = "", last = ""] = [buckets[0], buckets.at(-1)];
  const grain = first.length > 10 ? "hour" : "day";
  const isFree = measure === "cost" && series.every(({ values }) => total(values) === 0n);
  return (
    <>
      {isFree ? <p className="mb-3 text-ui text-text-soft">{freeWords}</p> : null}
      <ChartReadout
        label={`${measureWords[measure]} by ${grain}, ${dayWords(first)} to ${dayWords(last)}. Arrow keys read single ${grain}s.`}
        days={buckets.map((bucket, index) => ({
          ...readout(bucketWords(bucket), series, format, (values) => values[index] ?? 0n),
          before: before && format(before[index] ?? 0n),
        }))}
        whole={{
          ...readout(`${dayWords(first)} – ${dayWords(last)}`, series, format, total),
          before: before && format(total(before)),
        }}
        axis={
          <BarsAxis
            labels={labels}
            series={series}
            before={before}
            formatterOf={(values) => formatterOf(measure, values)}
          />
        }
      >
        <StackedBars labels={labels} labelStep={labelStep} series={series} before={before} />
      </ChartReadout>
    </>
  );
}

const freeWords = "Nothing was billed in this time. Requests on the free plan cost nothing, and refused ones never do.";

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
