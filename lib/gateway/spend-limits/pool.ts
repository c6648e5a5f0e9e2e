import type { Id } from "#db/id.ts";
import type { Scope } from "#db/schema/usage.ts";
import type { AppError } from "#lib/core/errors.ts";

/** How a scope stood after the last round, by the limit that leaves least; amounts in pico-euros. */
export type PoolStanding = {
  period: "month" | "lifetime";
  limit: bigint;
  settled: bigint;
  held: bigint;
  /** The part of what is held that fine-tuning jobs hold for hours, and which jobs those are. */
  reserved: bigint;
  jobs: readonly Id<"tuningJob">[];
};

/** The scope a pool is for, in one month. */
export type Place = {
  readonly organizationId: Id<"organization">;
  readonly scope: Scope;
  readonly scopeId: string;
  /** The first day of the month. */
  readonly month: string;
};

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What this process has leased on one scope for one month: free for the next request, or held for one under way. */
export class Pool {
  readonly place: Place;
  free = 0n;
  inFlight = 0n;
  /** Null while no round has found a limit. */
  standing: PoolStanding | null = null;
  /** Told of a changed limit: what is free beyond the next requests' needs goes back at once. */
  isRecalled = false;
  /** Not to be used any more: its lease was given back, and another pool may stand for the scope. */
  isGone = false;
  /** What was said last to a request that its limit does not allow. */
  refused: { name: string; error: AppError } | undefined;
  /** When it was last used, in milliseconds of the stopwatch. */
  usedAt = 0;
  /** When something was last spent that the database had not taken out of the lease yet. */
  spentAt = Number.NEGATIVE_INFINITY;
  /** How much to have leased in all, and below what to ask for more; from what the last second needed. */
  target = 0n;
  low = 0n;
  #peak = 0n;
  #spent = 0n;
  #largest = 0n;

  constructor(place: Place) {
    this.place = place;
  }

  take(amount: bigint, at: number): void {
    this.free -= amount;
    this.inFlight += amount;
    this.usedAt = at;
    if (this.inFlight > this.#peak) this.#peak = this.inFlight;
    if (amount > this.#largest) this.#largest = amount;
  }

  /** Ends a hold: what was spent is about to leave the lease, the rest is free again. */
  end(amount: bigint, spent: bigint, at: number): void {
    this.inFlight -= amount;
    this.free += amount - spent;
    this.#spent += spent;
    if (spent > 0n) this.spentAt = at;
  }

  /** Begins a new second of measuring what is needed. */
  measure(): void {
    this.target = this.#needed();
    // What runs at once is in use, not in store: only of the rest a quarter is little.
    this.low = (this.target - this.#peak) / 4n;
    this.#peak = this.inFlight;
    this.#spent = 0n;
  }

  /** Enough for what ran at once, twice what was spent, and some requests more. */
  #needed(): bigint {
    return this.#peak + 2n * this.#spent + 4n * this.#largest;
  }

  get ahead(): bigint {
    const target = most(this.target, this.#needed());
    return most(0n, target - this.free - this.inFlight);
  }

  /** Whether the limit leaves so little that what lies idle here may be missed elsewhere. */
  get isTight(): boolean {
    if (!this.standing) return false;
    const { limit, settled, held } = this.standing;
    return limit - settled - held < most(this.target, this.#needed());
  }

  /** What is leased beyond what is needed. */
  get surplus(): bigint {
    if (this.isRecalled || this.isTight) return this.free;
    const over = this.free + this.inFlight - 2n * most(this.target, this.#needed());
    return over > this.free ? this.free : most(0n, over);
  }

  /**
   * What the limit left at the last round that was neither spent nor held by jobs; null without a limit. Spending only
   * grows, and a job that lets go tells every process. So it is never more than this.
   */
  get left(): bigint | null {
    return this.standing && this.standing.limit - this.standing.settled - this.standing.reserved;
  }

  /** What requests of other processes held at the last round. */
  get heldElsewhere(): bigint {
    const { held, reserved } = this.standing ?? { held: 0n, reserved: 0n };
    return most(0n, held - reserved - this.free - this.inFlight);
  }
}
