const fills = { good: "fill-good", warn: "fill-warn", bad: "fill-bad" } as const;

/** The standing against a limit: below 75 % good, below 100 % warn, then bad. */
export const standingTone = (percent: number): keyof typeof fills =>
  percent < 75 ? "good" : percent < 100 ? "warn" : "bad";

/** A bar against a limit; the words beside it say the same. */
export function Meter({ label, percent, ticks = [] }: { label: string; percent: number; ticks?: readonly number[] }) {
  const filled = Math.max(0, Math.min(100, percent));
  return (
    <span className="block">
      <meter className="sr-only" aria-label={label} min={0} max={100} value={filled} />
      <svg aria-hidden="true" className="block h-3.5 w-full">
        <rect x="0" y="3" width="100%" height="8" rx="4" className="fill-sunken stroke-line" />
        <rect x="0" y="3" width={`${filled}%`} height="8" rx="4" className={fills[standingTone(percent)]} />
        {ticks.map((tick) => (
          <line key={tick} x1={`${tick}%`} x2={`${tick}%`} y1="0" y2="14" className="stroke-control" />
        ))}
      </svg>
    </span>
  );
}
