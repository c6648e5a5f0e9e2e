import { dateWords } from "#components/ui/time-words.ts";
import { niceCeiling, shareOf } from "./scale.ts";
import { seriesFill } from "./series-tone.ts";

export type Series = { id: string; name: string; values: readonly bigint[] };

type Props = {
  days: readonly string[];
  series: readonly Series[];
  format: (value: bigint) => string;
};

const plotHeight = 180;
const topGap = 8;
const labelsHeight = 22;
const barShare = 0.72;
const dateLabels = 6;

const sumAt = (series: readonly Series[], day: number): bigint =>
  series.reduce((sum, { values }) => sum + (values[day] ?? 0n), 0n);

function topOf({ days, series }: Pick<Props, "days" | "series">): bigint {
  const totals = days.map((_, day) => sumAt(series, day));
  return niceCeiling(totals.reduce((most, total) => (total > most ? total : most), 0n));
}

/** Bars of a day, stacked by series, from zero. Plain SVG in per cent of the width, so that it needs no script. */
export function StackedBars({ days, series }: Omit<Props, "format">) {
  const top = topOf({ days, series });
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
      {days.map((day, index) => (
        <Bar
          key={day}
          index={index}
          count={days.length}
          values={series.map(({ values }) => values[index] ?? 0n)}
          top={top}
        />
      ))}
      <Dates days={days} />
    </svg>
  );
}

const lines = [1, 0.5, 0] as const;
const heightAt = (share: number): number => topGap + plotHeight * (1 - share);

/** The axis of the bars, as wide as its labels need. */
export function BarsAxis({ days, series, format }: Props) {
  const top = topOf({ days, series });
  return (
    <svg aria-hidden="true" className="block w-14 shrink-0" height={topGap + plotHeight + labelsHeight}>
      {[top, top / 2n, 0n].map((value, index) => (
        <text
          key={value}
          x="100%"
          y={heightAt(lines[index] ?? 0) + 4}
          textAnchor="end"
          className="tabular fill-text-faint text-[11px]"
        >
          {format(value)}
        </text>
      ))}
    </svg>
  );
}

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

function Dates({ days }: { days: readonly string[] }) {
  const step = Math.max(1, Math.ceil(days.length / dateLabels));
  return days.map((day, index) =>
    index % step === 0 ? (
      <text
        key={day}
        x={`${((index + 0.5) * 100) / days.length}%`}
        y={topGap + plotHeight + 16}
        textAnchor="middle"
        className="fill-text-faint text-[11px]"
      >
        {dayWords(day)}
      </text>
    ) : null,
  );
}

/** "23 Nov". */
export const dayWords = (day: string): string => dateWords(new Date(`${day}T00:00:00Z`)).replace(/ \d{4}$/, "");
