import { niceCeiling, shareOf } from "./scale.ts";
import { seriesFill } from "./series-tone.ts";

export type Series = { id: string; name: string; values: readonly bigint[] };

type Props = {
  /** The bars, each with its words under the axis where there is room for them. */
  labels: readonly string[];
  /** How many bars lie between two labels. */
  labelStep: number;
  series: readonly Series[];
  /** What to compare with: a pale line over the bars, one value for each. */
  before?: readonly bigint[] | undefined;
};

const plotHeight = 180;
const topGap = 8;
const labelsHeight = 22;
const barShare = 0.72;

const sumAt = (series: readonly Series[], index: number): bigint =>
  series.reduce((sum, { values }) => sum + (values[index] ?? 0n), 0n);

function topOf({ labels, series, before = [] }: Pick<Props, "labels" | "series" | "before">): bigint {
  const totals = [...labels.map((_, index) => sumAt(series, index)), ...before];
  return niceCeiling(totals.reduce((most, total) => (total > most ? total : most), 0n));
}

/** Bars of a day or an hour, stacked by series, from zero. Plain SVG in per cent of the width, so that it needs no script. */
export function StackedBars({ labels, labelStep, series, before }: Props) {
  const top = topOf({ labels, series, before });
  return (
    <svg aria-hidden="true" className="block w-full overflow-visible" height={topGap + plotHeight + labelsHeight}>
      {lines.map((share) => (
        <line
          key={share}
          x1="0"
          x2="100%"
          y1={heightAt(share)}
          y2={heightAt(share)}
          className="stroke-line"
          strokeDasharray={share === 0 ? undefined : "2 4"}
        />
      ))}
      {labels.map((label, index) => (
        <Bar
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place on the axis
          key={`${index} ${label}`}
          index={index}
          count={labels.length}
          values={series.map(({ values }) => values[index] ?? 0n)}
          top={top}
        />
      ))}
      {before ? <Before values={before} top={top} /> : null}
      <Labels labels={labels} step={labelStep} />
    </svg>
  );
}

const lines = [1, 0.5, 0] as const;
const heightAt = (share: number): number => topGap + plotHeight * (1 - share);

type AxisProps = Omit<Props, "labelStep"> & {
  /** How values are written that are read side by side. */
  formatterOf: (values: readonly bigint[]) => (value: bigint) => string;
};

/** The axis of the bars, as wide as its labels need. */
export function BarsAxis({ labels, series, before, formatterOf }: AxisProps) {
  const marks = marksOf(topOf({ labels, series, before }));
  const format = formatterOf(marks.map(({ value }) => value));
  return (
    <svg aria-hidden="true" className="block w-14 shrink-0" height={topGap + plotHeight + labelsHeight}>
      {marks.map(({ value, share }) => (
        <text
          key={share}
          x="100%"
          y={heightAt(share) + 4}
          textAnchor="end"
          className="tabular fill-text-faint text-[11px]"
        >
          {format(value)}
        </text>
      ))}
    </svg>
  );
}

/** What the lines of the axis stand for; only the base line where there is nothing. */
const marksOf = (top: bigint): { value: bigint; share: number }[] =>
  top === 0n
    ? [{ value: 0n, share: 0 }]
    : lines.map((share) => ({ value: share === 0.5 ? top / 2n : BigInt(share) * top, share }));

type BarProps = { index: number; count: number; values: readonly bigint[]; top: bigint };

function Bar({ index, count, values, top }: BarProps) {
  const slot = 100 / count;
  let y = topGap + plotHeight;
  return values.map((value, series) => {
    // A day with any use must show, however small beside the others.
    const height = value > 0n ? Math.max(1, shareOf(value, top) * plotHeight) : 0;
    y -= height;
    if (height === 0) return null;
    return (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place in the stack
        key={series}
        x={`${(index + (1 - barShare) / 2) * slot}%`}
        width={`${slot * barShare}%`}
        y={y}
        height={height}
        className={seriesFill(series)}
      />
    );
  });
}

/** Steps from bar to bar: a line through percentages of a width no one knows here has no other form. */
function Before({ values, top }: { values: readonly bigint[]; top: bigint }) {
  const slot = 100 / values.length;
  const heights = values.map((value) => heightAt(shareOf(value, top)));
  return (
    <g className="stroke-text-faint opacity-75" strokeWidth="1.25" strokeLinecap="round">
      {heights.map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place on the axis
        <g key={index}>
          <line x1={`${index * slot}%`} x2={`${(index + 1) * slot}%`} y1={height} y2={height} />
          {index === 0 ? null : (
            <line x1={`${index * slot}%`} x2={`${index * slot}%`} y1={heights[index - 1]} y2={height} />
          )}
        </g>
      ))}
    </g>
  );
}

function Labels({ labels, step }: { labels: readonly string[]; step: number }) {
  return labels.map((label, index) =>
    index % step === 0 ? (
      <text
        // biome-ignore lint/suspicious/noArrayIndexKey: a label is its place on the axis
        key={`${index} ${label}`}
        x={`${((index + 0.5) * 100) / labels.length}%`}
        y={topGap + plotHeight + 16}
        textAnchor="middle"
        className="fill-text-faint text-[11px]"
      >
        {label}
      </text>
    ) : null,
  );
}
