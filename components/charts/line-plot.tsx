import { seriesStroke } from "./series-tone.ts";
import { linearTicks, logTicks, tickWords } from "./ticks.ts";

export type PlotSeries = {
  name: string;
  /** Points from left to right. */
  points: readonly { x: number; y: number }[];
  /** Marks each point, where there are few. */
  isDotted?: boolean;
};

type Props = {
  series: readonly PlotSeries[];
  /** Where the axis below ends. */
  xMost: number;
  isLog?: boolean;
  /** Where the axis ends whatever the values; without them, where the values do. */
  range?: readonly [number, number];
  /** Places on the axis below that are marked, and the one that stands out. */
  marks?: readonly number[];
  best?: number | null;
};

const height = 200;
const [top, bottom] = [8, 178];
const widest = 1000;

/** Lines over steps. Plain SVG in parts of the width, so that it needs no script. */
export function LinePlot({ series, xMost, isLog = false, range, marks = [], best = null }: Props) {
  const [low, high] = range ?? rangeOf(series, isLog);
  const yOf = (value: number): number => top + (bottom - top) * (1 - shareOf(value, low, high, isLog));
  const xOf = (value: number): number => (widest * value) / Math.max(1, xMost);
  const ticks = isLog ? logTicks(low, high) : linearTicks(low, high);
  return (
    <div className="relative">
      <svg
        aria-hidden="true"
        className="block w-full"
        height={height}
        viewBox={`0 0 ${widest} ${height}`}
        preserveAspectRatio="none"
      >
        {ticks.map((tick) => (
          <line
            key={tick}
            x1="0"
            x2={widest}
            y1={yOf(tick)}
            y2={yOf(tick)}
            className="stroke-line"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {marks.map((mark) => (
          <line
            key={mark}
            x1={xOf(mark)}
            x2={xOf(mark)}
            y1={mark === best ? top : bottom - 4}
            y2={bottom + 4}
            className={mark === best ? "stroke-good" : "stroke-text-faint"}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {series.map(({ name, points }, index) => (
          <polyline
            key={name}
            points={points.map(({ x, y }) => `${xOf(x).toFixed(1)},${yOf(y).toFixed(1)}`).join(" ")}
            fill="none"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
            className={seriesStroke(index)}
          />
        ))}
      </svg>
      {/* Words keep their shape, so they are not in the picture that is stretched. */}
      <svg aria-hidden="true" className="absolute top-0 left-0 overflow-visible" width="1" height={height}>
        {ticks.map((tick) => (
          <text
            key={tick}
            x="-8"
            y={yOf(tick)}
            textAnchor="end"
            dominantBaseline="central"
            className="fill-text-faint text-meta tabular"
          >
            {tickWords(tick)}
          </text>
        ))}
      </svg>
      <span aria-hidden="true" className="absolute bottom-0 left-0 text-meta text-text-faint">
        0
      </span>
      <span aria-hidden="true" className="absolute right-0 bottom-0 text-meta text-text-faint tabular">
        Step {xMost}
      </span>
    </div>
  );
}

const shareOf = (value: number, low: number, high: number, isLog: boolean): number => {
  if (high <= low) return 0.5;
  const share = isLog
    ? (Math.log(Math.max(value, low)) - Math.log(low)) / (Math.log(high) - Math.log(low))
    : (value - low) / (high - low);
  return Math.min(1, Math.max(0, share));
};

/** From zero to the highest value; on a logarithmic axis from the lowest. */
function rangeOf(series: readonly PlotSeries[], isLog: boolean): [number, number] {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y)).filter(Number.isFinite);
  const high = Math.max(...values, 0);
  if (!isLog) return [0, high > 0 ? high : 1];
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...positive, high || 1);
  return positive.length === 0 ? [0.1, 1] : [low, high > low ? high : low * 10];
}
