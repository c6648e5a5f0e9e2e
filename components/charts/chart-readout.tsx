"use client";

import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import { seriesSwatch } from "./series-tone.ts";

export type ReadoutLine = { name: string; text: string; series: number };
export type ReadoutDay = {
  label: string;
  total: string;
  lines: readonly ReadoutLine[];
  /** How it was the time before. */
  before?: string | undefined;
};

type Props = {
  label: string;
  days: readonly ReadoutDay[];
  /** Shown while no day is pointed at: the whole range. */
  whole: ReadoutDay;
  /** Stands left of the chart and takes no pointing. */
  axis: ReactNode;
  children: ReactNode;
};

const moves: Record<string, (at: number, last: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_at, last) => last,
};

/** The values of a day or an hour above its chart, following the pointer and the arrow keys. */
export function ChartReadout({ label, days, whole, axis, children }: Props) {
  const [pointed, setPointed] = useState<number>();
  const last = days.length - 1;
  const day = pointed === undefined ? whole : (days[pointed] ?? whole);

  const onKeyDown = (event: KeyboardEvent) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    // From no day at all, an arrow leads to the last one.
    setPointed((at) => Math.max(0, Math.min(last, move(at ?? last + 1, last))));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    setPointed(Math.max(0, Math.min(last, Math.floor(share * days.length))));
  };
  return (
    <div className="flex flex-col gap-3">
      <Values day={day} />
      <div className="flex gap-2">
        {axis}
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={pointed ?? last}
          aria-valuetext={spoken(day)}
          onKeyDown={onKeyDown}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setPointed(undefined)}
          onBlur={() => setPointed(undefined)}
          className="relative min-w-0 grow rounded-control"
        >
          {pointed === undefined ? null : <Band index={pointed} count={days.length} />}
          {children}
        </div>
      </div>
    </div>
  );
}

function Values({ day }: { day: ReadoutDay }) {
  return (
    <div className="flex min-h-10 flex-wrap items-baseline gap-x-4 gap-y-1 text-ui">
      <span className="text-text-soft">{day.label}</span>
      <span className="tabular font-semibold">{day.total}</span>
      {day.lines.map((line) => (
        <span key={line.name} className="flex items-baseline gap-1.5 text-text-soft">
          <span aria-hidden="true" className={classes("size-2 self-center rounded-full", seriesSwatch(line.series))} />
          {line.name} <span className="tabular text-text">{line.text}</span>
        </span>
      ))}
      {day.before ? (
        <span className="flex items-baseline gap-1.5 text-text-soft">
          <span aria-hidden="true" className="h-0.5 w-3 self-center rounded-full bg-text-faint" />
          Before <span className="tabular text-text">{day.before}</span>
        </span>
      ) : null}
    </div>
  );
}

/** Marks the day that is read. */
function Band({ index, count }: { index: number; count: number }) {
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full">
      <rect x={`${(index * 100) / count}%`} width={`${100 / count}%`} height="100%" className="fill-text opacity-8" />
    </svg>
  );
}

const spoken = (day: ReadoutDay): string =>
  [
    `${day.label}: ${day.total}`,
    ...day.lines.map(({ name, text }) => `${name} ${text}`),
    day.before && `before ${day.before}`,
  ]
    .filter(Boolean)
    .join(", ");
