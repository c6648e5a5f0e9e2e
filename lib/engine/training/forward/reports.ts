import { now } from "#lib/core/clock.ts";
import { logError } from "#lib/core/log.ts";
import type { CheckpointReport, ClaimLine, LogLine, Orders, Outcome, Point } from "#lib/engine/training/port.ts";

/** Ends a run from wherever it is. */
export class Ended extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super(outcome.outcome);
    this.outcome = outcome;
  }
}

/** A claim holds for a minute, so it is told of sooner. */
const beatMs = 15_000;

export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** What is told of a claim, and what was ordered since. */
export class Reports {
  orders: Orders = "go_on";
  readonly #line: ClaimLine;
  readonly #signal: AbortSignal;
  readonly #pause: Pause;
  #step: number;
  #points: Point[] = [];
  #log: LogLine[] = [];
  #beats: Promise<void> = Promise.resolve();
  readonly #told = new Set<string>();

  constructor(line: ClaimLine, signal: AbortSignal, pause: Pause, step: number) {
    this.#line = line;
    this.#signal = signal;
    this.#pause = pause;
    this.#step = step;
  }

  note(texts: readonly string[]): void {
    this.#log.push(...texts.map((text) => ({ at: now(), level: "info" as const, text })));
  }

  /** Servers repeat themselves; whether any of the points is new. */
  add(points: readonly Point[]): boolean {
    const before = this.#told.size;
    for (const point of points) {
      const key = JSON.stringify(point);
      if (!this.#told.has(key)) this.#points.push(point);
      this.#told.add(key);
    }
    return this.#told.size > before;
  }

  async checkpoint(report: CheckpointReport): Promise<void> {
    this.#hear(await this.#line.checkpoint(report));
    this.#step = report.step;
  }

  /** Beats go one after another; what could not be told is told the next time. */
  beat(): Promise<void> {
    this.#beats = this.#beats.catch(() => undefined).then(() => this.#beat());
    return this.#beats;
  }

  /** Beats while something takes long; what it is told is heard at the next turn. */
  during(): { stop: () => void } {
    const beating = setInterval(() => void this.beat().catch(() => undefined), beatMs);
    return { stop: () => clearInterval(beating) };
  }

  async wait(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= beatMs) {
      await this.#pause(Math.min(left, beatMs), this.#signal);
      this.#signal.throwIfAborted();
      await this.beat();
    }
  }

  async #beat(): Promise<void> {
    const [points, log] = [this.#points, this.#log];
    this.#points = [];
    this.#log = [];
    try {
      this.#hear(await this.#line.beat({ step: this.#step, points, log }));
    } catch (error) {
      if (error instanceof Ended) throw error;
      logError("training.beat", error);
      this.#points.unshift(...points);
      this.#log.unshift(...log);
    }
  }

  #hear(orders: Orders): void {
    if (orders === "lost") throw new Ended({ outcome: "lost" });
    this.orders = orders;
  }
}
