import type { impacts, incidentStates, sampleStates } from "#db/schema/status.ts";

export type SampleState = (typeof sampleStates)[number];
export type Impact = (typeof impacts)[number];
export type IncidentState = (typeof incidentStates)[number];

/** What a probe found; `at` in milliseconds since the epoch. */
export type Sample = { at: number; state: SampleState };

export type SpanState = SampleState | "unknown";
/** From its first instant until just before its last. */
export type Span = { from: number; to: number; state: SpanState };

export const minuteMs = 60_000;
/** What was found holds for so long at most: a probe a minute, and one that may be missed. */
export const holdsMs = 150_000;
/** After it an incident is opened by itself. */
export const incidentAfterMs = 180_000;

export type Seen = {
  /** In order. */
  samples: readonly Sample[];
  /** When a front was there at all, in order. */
  beats: readonly number[];
  from: number;
  to: number;
};

/**
 * What a component was from one instant to another. One failure between two good answers is none, and one good answer between
 * failures ends nothing. Where nothing was looked at the state is unknown; where no front ran at all, all of it was down.
 */
export function spansOf({ samples, beats, from, to }: Seen): Span[] {
  const settled = settledStates(samples);
  const found: Span[] = [];
  let at = from;
  const add = (until: number, state: SpanState): void => {
    const end = Math.min(until, to);
    if (end <= at) return;
    const last = found.at(-1);
    if (last?.state === state) last.to = end;
    else found.push({ from: at, to: end, state });
    at = end;
  };
  settled.forEach(({ at: sampled, state }, index) => {
    for (const gap of silence(beats, at, sampled)) add(gap.to, gap.state);
    add(Math.min(settled[index + 1]?.at ?? Number.POSITIVE_INFINITY, sampled + holdsMs), state);
  });
  for (const gap of silence(beats, at, to)) add(gap.to, gap.state);
  return found;
}

/** What it is now: what the last look found, which looked twice before it said "down"; null where that is too long ago. */
export function stateNow(samples: readonly Sample[], now: number): SampleState | null {
  const last = samples.at(-1);
  return last && now - last.at < holdsMs ? last.state : null;
}

/** Single ones among others of another kind are taken for those around them: a change shows from its first look, once there are two. */
function settledStates(samples: readonly Sample[]): Sample[] {
  let current: SampleState | undefined;
  return samples.map(({ at, state }, index) => {
    const next = samples[index + 1];
    const isAlone = current !== undefined && state !== current && next?.state !== state;
    if (!isAlone) current = state;
    return { at, state: current ?? state };
  });
}

/** A time in which nothing was found: down where no front ran, and unknown where one did. */
function* silence(beats: readonly number[], from: number, to: number): Generator<Span> {
  let at = from;
  for (const beat of within(beats, from - holdsMs, to)) {
    if (beat > at) yield { from: at, to: beat, state: "down" };
    const end = Math.min(beat + holdsMs, to);
    if (end > at) {
      yield { from: Math.max(at, beat), to: end, state: "unknown" };
      at = end;
    }
  }
  if (at < to) yield { from: at, to, state: "down" };
}

/** Those in a part of a long list in order. */
function within(beats: readonly number[], from: number, to: number): readonly number[] {
  let [low, high] = [0, beats.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((beats[middle] ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < beats.length && (beats[end] ?? 0) < to) end += 1;
  return beats.slice(low, end);
}

export type Window = { from: number; to: number };
export type Sums = { upMs: number; degradedMs: number; downMs: number; excludedMs: number; unknownMs: number };

/** How long a component was what; of excluded windows only what was down is taken out. */
export function sumsOf(spans: readonly Span[], excluded: readonly Window[]): Sums {
  const sums: Sums = { upMs: 0, degradedMs: 0, downMs: 0, excludedMs: 0, unknownMs: 0 };
  for (const { from, to, state } of spans) {
    if (state === "up") sums.upMs += to - from;
    else if (state === "degraded") sums.degradedMs += to - from;
    else if (state === "unknown") sums.unknownMs += to - from;
    else {
      const out = overlap(from, to, excluded);
      sums.excludedMs += out;
      sums.downMs += to - from - out;
    }
  }
  return sums;
}

/** How much of a time lies in any of the windows, which may overlap each other. */
function overlap(from: number, to: number, windows: readonly Window[]): number {
  let sum = 0;
  let reached = from;
  for (const window of windows.toSorted((a, b) => a.from - b.from)) {
    const begins = Math.max(window.from, reached);
    const ends = Math.min(window.to, to);
    if (ends > begins) {
      sum += ends - begins;
      reached = ends;
    }
  }
  return sum;
}

export const total = (days: readonly Sums[]): Sums =>
  days.reduce(
    (sum, day) => ({
      upMs: sum.upMs + day.upMs,
      degradedMs: sum.degradedMs + day.degradedMs,
      downMs: sum.downMs + day.downMs,
      excludedMs: sum.excludedMs + day.excludedMs,
      unknownMs: sum.unknownMs + day.unknownMs,
    }),
    { upMs: 0, degradedMs: 0, downMs: 0, excludedMs: 0, unknownMs: 0 },
  );

/** The share of what is known in which it was not down; null where nothing is known, which is never 100 %. */
export function uptimeOf({ upMs, degradedMs, downMs }: Sums): number | null {
  const known = upMs + degradedMs + downMs;
  return known === 0 ? null : 1 - downMs / known;
}

/** In words, never rounded up to what it was not. */
export function uptimeWords(uptime: number | null): string {
  if (uptime === null) return "not measured";
  return uptime === 1 ? "100 %" : `${(Math.floor(uptime * 100_000) / 1000).toFixed(3)} %`;
}

/** T-4.4-SLO3: planned work is excluded only where it was told of before it began, and not cancelled; what runs over counts. */
export function isExcluded(window: { startsAt: Date; toldAt: Date | null; cancelledAt: Date | null }): boolean {
  return window.cancelledAt === null && window.toldAt !== null && window.toldAt < window.startsAt;
}

const componentNames: Readonly<Record<string, string>> = {
  api: "API",
  console: "Console and sign-in",
  files: "Files",
  background: "E-mail, webhooks and background work",
};

/** What a component is called; those of models are named by their servers. */
export const componentName = (id: string): string =>
  componentNames[id] ?? (id.startsWith("models:") ? `Models: ${id.slice("models:".length)}` : id);

export const impactOf = (state: SampleState): Impact => (state === "down" ? "major" : "minor");
