import { setTimeout as pause } from "node:timers/promises";
import { stopwatch } from "#lib/core/clock.ts";
import type { Collected } from "./request.ts";
import { paceOf } from "./rules.ts";

/** When the next request of a batch may begin, so that the customer's other calls have room beside it. */
export class Pace {
  #next = 0;
  #between = 0;

  /** Waits for the turn of one request; ends at once with the signal. */
  async turn(signal: AbortSignal): Promise<void> {
    const wait = this.#next - stopwatch();
    this.#next = Math.max(stopwatch(), this.#next) + this.#between * 1000;
    if (wait > 0) await pause(wait, undefined, { signal }).catch(() => undefined);
  }

  /** What an answer says of the rates. */
  saw(headers: Collected["headers"]): void {
    this.#between = paceOf(headers);
  }

  /** No request begins before. */
  holdUntil(at: number): void {
    this.#next = Math.max(this.#next, at);
  }
}
