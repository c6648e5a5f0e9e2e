import { logError } from "#lib/core/log.ts";
import type { TunedWeights } from "#lib/engine/port/port.ts";
import type { Delivery } from "./messages.ts";
import type { TunedName } from "./tuning/shelf.ts";

/** Where the tuned models of the requests under way are: the worker asks for those that it does not hold. */
export class TunedSources {
  readonly #requests = new Set<{ tuned: TunedWeights }>();
  readonly #deliver: (delivery: Delivery) => void;

  constructor(deliver: (delivery: Delivery) => void) {
    this.#deliver = deliver;
  }

  /** Keeps it at hand until the request that names it is over. */
  hold(tuned: TunedWeights): () => void {
    // Requests may name it by one and the same object, and each is over by itself.
    const request = { tuned };
    this.#requests.add(request);
    return () => this.#requests.delete(request);
  }

  async fetch({ id, sha256 }: TunedName): Promise<void> {
    const tuned = { id, sha256 };
    const sources = [...this.#requests].map((request) => request.tuned);
    const source = sources.find((one) => one.id === id && one.sha256 === sha256);
    try {
      // Those who waited for it have left.
      if (!source) return this.#deliver({ type: "no-weights", tuned, message: "The request was given up." });
      // A copy, because its memory becomes the worker's.
      this.#deliver({ type: "weights", tuned, bytes: new Uint8Array(await source.open()) });
    } catch (error) {
      logError("engine.tiny.weights", error);
      this.#deliver({ type: "no-weights", tuned, message: "The weights of this tuned model cannot be reached." });
    }
  }
}
