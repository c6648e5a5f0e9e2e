import { Sum } from "#components/ui/sum.tsx";
import { formatCents, picoOfCents } from "#lib/core/money.ts";
import { tenthsOf } from "#lib/domain/billing/overview/rules.ts";

type Props = {
  usedPico: bigint;
  /** The next amount that use can meet; null where nothing is charged ahead. */
  nextCents: bigint | null;
  /** The thresholds below it, as ticks. */
  ticks: readonly bigint[];
  /** What advances were taken for already. */
  chargedCents: bigint;
};

const height = 14;
const bar = 8;
const top = (height - bar) / 2;
const widthOf = (part: bigint, whole: bigint): string => `${tenthsOf(part, whole) / 10}%`;

/** The month's use on its way to the next consumption threshold (T-5.2-ADV1). */
export function ThresholdMeter({ usedPico, nextCents, ticks, chargedCents }: Props) {
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <span className="text-figure font-semibold">
          <Sum pico={usedPico} />
        </span>
        <span className="tabular text-text-soft">
          {nextCents === null ? "used, before VAT" : `of ${formatCents(nextCents)} to the next advance, before VAT`}
        </span>
      </p>
      {nextCents === null ? null : (
        <Bar usedPico={usedPico} nextCents={nextCents} ticks={ticks} chargedCents={chargedCents} />
      )}
      <p className="tabular text-meta text-text-soft">{wordsOf(nextCents, chargedCents)}</p>
    </div>
  );
}

function wordsOf(nextCents: bigint | null, chargedCents: bigint): string {
  if (nextCents === null) return "Nothing is charged ahead: the month is invoiced when it is over.";
  return chargedCents > 0n
    ? `Advances were issued up to ${formatCents(chargedCents)}; they are taken off from the month's invoice.`
    : "When use reaches it, an advance payment for it is issued and taken off from the month's invoice.";
}

function Bar({ usedPico, nextCents, ticks, chargedCents }: Props & { nextCents: bigint }) {
  const whole = picoOfCents(nextCents);
  const percent = Math.floor(tenthsOf(usedPico, whole) / 10);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element shows neither what was charged ahead nor the steps
    <svg
      role="meter"
      aria-label="Use on its way to the next consumption threshold"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${percent} % of ${formatCents(nextCents)} used`}
      height={height}
      className="block w-full overflow-visible"
    >
      <rect y={top} width="100%" height={bar} rx={bar / 2} className="fill-sunken stroke-line" />
      <rect y={top} width={widthOf(usedPico, whole)} height={bar} rx={bar / 2} className="fill-accent opacity-40" />
      <rect y={top} width={widthOf(chargedCents, nextCents)} height={bar} rx={bar / 2} className="fill-accent" />
      {ticks
        .filter((tick) => tick < nextCents)
        .map((tick) => (
          <line
            key={String(tick)}
            x1={widthOf(tick, nextCents)}
            x2={widthOf(tick, nextCents)}
            y1="0"
            y2={height}
            className="stroke-text-faint"
            strokeWidth="1"
          />
        ))}
    </svg>
  );
}
