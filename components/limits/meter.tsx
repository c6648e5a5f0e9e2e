import { Badge } from "#components/ui/badge.tsx";
import { classes } from "#components/ui/classes.ts";
import type { Tone } from "#components/ui/notice.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { formatEuros, formatSum } from "#lib/core/money.ts";
import {
  daysInWords,
  type LimitStanding,
  type LimitState,
  leftPico,
  percentOf,
  stateOf,
} from "#lib/domain/limits/rules.ts";

const stateWords: Record<LimitState, string> = {
  unlimited: "No limit",
  calm: "Within the limit",
  near: "Near the limit",
  reached: "Limit reached",
};
const tones: Record<LimitState, Tone> = { unlimited: "neutral", calm: "good", near: "warn", reached: "bad" };
const fills: Record<LimitState, string> = {
  unlimited: "fill-text-faint",
  calm: "fill-good",
  near: "fill-warn",
  reached: "fill-bad",
};

export function LimitBadge({ standing }: { standing: LimitStanding }) {
  const state = stateOf(standing);
  return <Badge tone={tones[state]}>{stateWords[state]}</Badge>;
}

/** What is spent of a limit: the amount, the bar, what is set aside and what is left. */
export function Meter({ standing, label, now }: { standing: LimitStanding; label: string; now: Date }) {
  const { limitPico, settledPico, heldPico, reservedPico, period } = standing;
  const when = period === "month" ? daysInWords(now) : "in its whole life";
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <span className="text-figure font-semibold">
          <Sum pico={settledPico} />
        </span>
        <span className="tabular text-text-soft">
          {limitPico === null ? `spent, ${when}` : `of ${formatEuros(limitPico)}, ${when}`}
        </span>
        <span className="ml-auto">
          <LimitBadge standing={standing} />
        </span>
      </p>
      {limitPico === null ? null : <MeterBar standing={standing} label={label} />}
      <p className="tabular text-meta text-text-soft">
        {leftWords(standing)}
        {heldPico > reservedPico ? ` ${formatSum(heldPico - reservedPico)} is set aside for requests under way.` : null}
        {reservedPico > 0n ? ` ${formatSum(reservedPico)} is held by fine-tuning jobs until they end.` : null}
      </p>
    </div>
  );
}

function leftWords(standing: LimitStanding): string {
  const left = leftPico(standing);
  if (left === null) return "No limit: nothing stops spending here.";
  return left === 0n ? "Nothing is left." : `${formatSum(left)} is left.`;
}

const height = 14;
const bar = 8;
const top = (height - bar) / 2;

/** Spent in full colour, set aside lighter, and a tick at each step a letter goes out at. */
export function MeterBar({ standing, label }: { standing: LimitStanding; label: string }) {
  const { settledPico, heldPico, alertPercents } = standing;
  const fill = fills[stateOf(standing)];
  const spent = widthOf(standing, settledPico);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element shows neither what is set aside nor the steps
    <svg
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(100, percentOf(standing) ?? 0)}
      aria-valuetext={`${percentOf(standing)} % of ${formatEuros(standing.limitPico ?? 0n)} spent`}
      height={height}
      className="block w-full overflow-visible"
    >
      <rect y={top} width="100%" height={bar} rx={bar / 2} className="fill-sunken stroke-line" />
      {heldPico > 0n ? (
        <rect
          y={top}
          width={widthOf(standing, settledPico + heldPico)}
          height={bar}
          rx={bar / 2}
          className={classes(fill, "opacity-40")}
        />
      ) : null}
      <rect y={top} width={spent} height={bar} rx={bar / 2} className={fill} />
      {alertPercents
        .filter((percent) => percent < 100)
        .map((percent) => (
          <line
            key={percent}
            x1={`${percent}%`}
            x2={`${percent}%`}
            y1="0"
            y2={height}
            className="stroke-text-faint"
            strokeWidth="1"
          />
        ))}
    </svg>
  );
}

/** In tenths of a per cent; whatever is more than nothing can be seen. */
function widthOf({ limitPico }: LimitStanding, amount: bigint): string {
  if (amount === 0n && limitPico !== 0n) return "0%";
  const tenths = limitPico ? Number((amount * 1000n) / limitPico) : 1000;
  return `${Math.max(0.6, Math.min(1000, tenths) / 10)}%`;
}
