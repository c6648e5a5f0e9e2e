/** What work is ended with when the person who asked for it has left. */
export class Cancelled extends Error {
  constructor() {
    super("Nobody waits for this any more.");
    this.name = "Cancelled";
  }
}

/**
 * Tells work that no one waits for it any more. An AbortSignal says the same at five times the cost, which every
 * request would pay, so one is made only where something asks for it.
 */
export class Cancellation {
  #isCancelled = false;
  #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** The same for what takes nothing else. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      this.listen(() => controller.abort(new Cancelled()));
    }
    return this.#controller.signal;
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    for (const listener of this.#listeners) listener();
    this.#listeners = [];
  }

  /** Calls `listener` once, when it happens or now when it has. Work that is done by then must not mind. */
  listen(listener: () => void): void {
    if (this.#isCancelled) listener();
    else this.#listeners.push(listener);
  }

  throwIfCancelled(): void {
    if (this.#isCancelled) throw new Cancelled();
  }
}
