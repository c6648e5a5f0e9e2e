import { now, stopwatch } from "#lib/core/clock.ts";

export type BreakerState = "closed" | "open" | "half_open";

/** So many failures one after the other, none long ago, and an upstream is left alone for a while. */
const failuresMax = 5;
const windowMs = 60_000;
/** How long, at first and at most; each failed probe doubles it. */
const coolDownMs = 1000;
const coolDownMaxMs = 60_000;

/** What a request was let go as; only the probe of a broken upstream holds back others. */
export type Permit = "request" | "probe";

/** Keeps requests from an upstream that does not answer, and lets one at a time find out whether it does again. */
export class Breaker {
  state: BreakerState = "closed";
  since = now();
  /** Why it failed last. */
  reason: string | null = null;
  readonly #changed: () => void;
  readonly #random: () => number;
  #failures = 0;
  #failedAt = 0;
  #coolDown = coolDownMs;
  #opensAt = 0;
  #isProbing = false;

  constructor(changed: () => void, random = Math.random) {
    this.#changed = changed;
    this.#random = random;
  }

  /** Milliseconds until a probe may go. */
  get waitMs(): number {
    return this.state === "open" ? Math.max(0, this.#opensAt - stopwatch()) : 0;
  }

  admit(): Permit | undefined {
    if (this.state === "closed") return "request";
    if (this.state === "open") {
      if (this.waitMs > 0) return undefined;
      this.#turn("half_open");
    }
    if (this.#isProbing) return undefined;
    this.#isProbing = true;
    return "probe";
  }

  succeeded(): void {
    this.#failures = 0;
    if (this.state === "closed") return;
    this.#isProbing = false;
    this.#coolDown = coolDownMs;
    this.#turn("closed");
  }

  failed(permit: Permit, reason: string): void {
    const at = stopwatch();
    this.reason = reason;
    this.#failures = at - this.#failedAt > windowMs ? 1 : this.#failures + 1;
    this.#failedAt = at;
    if (permit === "probe") {
      this.#coolDown = Math.min(coolDownMaxMs, this.#coolDown * 2);
      this.#open(at);
    } else if (this.state === "closed" && this.#failures >= failuresMax) this.#open(at);
  }

  /** The request told nothing of the upstream. */
  abandoned(permit: Permit): void {
    if (permit === "probe") this.#isProbing = false;
  }

  #open(at: number): void {
    this.#isProbing = false;
    // Not all processes should ask at the same moment.
    this.#opensAt = at + this.#coolDown * (0.5 + this.#random() / 2);
    this.#turn("open");
  }

  #turn(state: BreakerState): void {
    if (this.state === state) return;
    this.state = state;
    this.since = now();
    this.#changed();
  }
}
