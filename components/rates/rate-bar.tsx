import type { GaugeState } from "./gauge-view.ts";

const fills: Record<GaugeState, string> = {
  calm: "fill-good",
  near: "fill-warn",
  reached: "fill-bad",
  unknown: "fill-text-faint",
};

type Props = { label: string; used: number | null; value: number; state: GaugeState; words: string };

/** How much of a limit is used, as a bar; whatever is more than nothing can be seen. */
export function RateBar({ label, used, value, state, words }: Props) {
  const percent = used === null ? 0 : Math.min(100, (used / value) * 100);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element cannot be drawn the same in every browser
    <svg
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={value}
      aria-valuenow={Math.min(value, used ?? 0)}
      aria-valuetext={words}
      height="8"
      className="block w-full overflow-visible"
    >
      <rect width="100%" height="8" rx="4" className="fill-sunken stroke-line" />
      {used ? <rect width={`${Math.max(0.8, percent)}%`} height="8" rx="4" className={fills[state]} /> : null}
    </svg>
  );
}
