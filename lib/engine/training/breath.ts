import { setImmediate } from "node:timers/promises";
import { stopwatch } from "#lib/core/clock.ts";

/** Lets the others of a thread work after some milliseconds of one's own. */
export class Breath {
  readonly #ms: number;
  #since = stopwatch();

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Whether it is the others' turn. */
  get isDue(): boolean {
    return stopwatch() - this.#since >= this.#ms;
  }

  async take(): Promise<void> {
    await setImmediate();
    this.#since = stopwatch();
  }

  /** Runs steps to their end, with the turns of the others between them. */
  async through<Result>(steps: Generator<void, Result>): Promise<Result> {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (this.isDue) await this.take();
    }
  }
}
