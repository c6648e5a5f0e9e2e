/** What goes wrong with calls of one operation, such as `POST /v1/payment_intents`. */
export type Fault = {
  on: string;
  /**
   * The connection breaks before anything was done, or after it; an overload (nothing done, nothing remembered); an
   * error of Stripe's, which it remembers under the key, before or after the work; an answer that says something else.
   */
  kind: "drop_before" | "drop_after" | "overload" | "error_before" | "error_after" | "lie" | "hold";
  /** How many calls; one by default. The library itself repeats a broken connection once. */
  times?: number;
  /** What the answer says instead. */
  lie?: (answer: Record<string, unknown>) => Record<string, unknown>;
  /** Resolved when the call may go on. */
  until?: Promise<void>;
};

export class Faults {
  #planned: Fault[] = [];

  plan(fault: Fault): void {
    this.#planned.push({ ...fault });
  }

  clear(): void {
    this.#planned = [];
  }

  /** The next planned fault of an operation; each counts down. */
  take(operation: string): Fault | null {
    const fault = this.#planned.find(({ on, times = 1 }) => on === operation && times > 0);
    if (!fault) return null;
    fault.times = (fault.times ?? 1) - 1;
    return fault;
  }
}
