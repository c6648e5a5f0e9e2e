import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Scope } from "#db/schema/usage.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { decide, limitedBy, type ReservationNeed } from "./decide.ts";
import { type CallsUnderWay, type LeaseRound, LesseeGone, noCalls, openLedger } from "./ledger.ts";
import type { Pool } from "./pool.ts";
import { openPools } from "./pools.ts";
import { refusal } from "./refusal.ts";
import { idleMs, isIdle, planRounds, play } from "./rounds.ts";

/** Money held for one request on its key, workspace and organization, until it is known what the answer cost. */
export type Reservation = {
  readonly pools: readonly Pool[];
  readonly lessee: Id<"lessee">;
  readonly amount: bigint;
  /** The tightest limit as it stood when the hold was made; undefined without a limit. */
  readonly limit: { scope: Scope; left: bigint } | undefined;
};

export type Reservations = {
  /**
   * Holds what a request may cost on all its scopes at once, or throws why not; without a promise when this process has
   * leased enough. The amount is less than the most that was asked when a limit leaves no more.
   */
  reserve: (
    key: AuthenticatedKey,
    at: Date,
    ask: ReservationNeed,
    cancellation: Cancellation,
  ) => Reservation | Promise<Reservation>;
  /** The tightest limit of a key's scopes as far as this process knows; undefined without one. */
  limit: (key: AuthenticatedKey, at: Date) => Reservation["limit"];
  /** Whose leases an event's cost may come out of, as the meter is told. */
  lessee: () => Id<"lessee">;
  /** The same once the database knows it. */
  introduced: () => Promise<Id<"lessee">>;
  /** Everything that was spent before this instant, in milliseconds of the stopwatch, has left the reservations. */
  settledUntil: (at: number) => void;
  /** Ends a hold after its event was committed with this cost, or without one. */
  end: (hold: Reservation, spent: bigint) => void;
  /** What is leased did not cover an event: asks whether this process was taken for dead. */
  doubt: () => void;
  /** Pico-euros held for requests under way in this process, on organizations. */
  held: () => bigint;
  close: () => Promise<void>;
};

type Waiting = {
  key: AuthenticatedKey;
  ask: ReservationNeed;
  pools: readonly Pool[];
  since: number;
  cancellation: Cancellation;
  /** Whether a round has asked for it. */
  isAsked: boolean;
  resolve: (hold: Reservation) => void;
  reject: (error: unknown) => void;
};

/** Longer than a dead process's leases last, so that none of them makes a refusal. */
const patienceMs = 15_000;
const pollMs = 50;
const renewMs = 2000;

export const openReservations = (sql: Sql, changes: ChangeFeed, calls: CallsUnderWay = noCalls): Reservations =>
  new ProcessReservations(sql, changes, calls);

/** What this process has leased of every limit, and who waits for more of it. */
class ProcessReservations implements Reservations {
  readonly #changes: ChangeFeed;
  readonly #ledger: ReturnType<typeof openLedger>;
  readonly #pools = openPools();
  readonly #restless = new Set<Pool>();
  readonly #timers: NodeJS.Timeout[];
  #waiting: Waiting[] = [];
  #round = Promise.resolve();
  #isRunning = false;
  #isPlanned = false;
  #isClosed = false;
  #settledUntil = Number.NEGATIVE_INFINITY;
  #poll: NodeJS.Timeout | undefined;
  #ebb: NodeJS.Timeout | undefined;

  constructor(sql: Sql, changes: ChangeFeed, calls: CallsUnderWay) {
    this.#changes = changes;
    this.#ledger = openLedger(sql, calls);
    changes.subscribe({
      tell: (message) => {
        if (!message.startsWith("limit:")) return;
        const scopeId = message.slice("limit:".length);
        for (const pool of this.#pools.all()) if (pool.place.scopeId === scopeId) this.#recall(pool);
      },
      forget: () => {
        for (const pool of this.#pools.all()) this.#recall(pool);
      },
    });
    this.#timers = [setInterval(() => this.#tick(), idleMs), setInterval(() => this.doubt(), renewMs)];
    for (const timer of this.#timers) timer.unref();
  }

  reserve(key: AuthenticatedKey, at: Date, ask: ReservationNeed, cancellation: Cancellation) {
    const own = this.#pools.of(key, at);
    if (own.every(({ free }) => free >= ask.most)) return this.#take(own, ask.most);
    if (this.#changes.isTrusted()) {
      const decision = decide(ask, own, { isAsked: false, isLate: false });
      if (decision.kind === "refuse") throw refusal(key, ask, decision);
    }
    return new Promise<Reservation>((resolve, reject) => {
      const since = stopwatch();
      this.#waiting.push({ key, ask, pools: own, since, cancellation, isAsked: false, resolve, reject });
      this.#plan();
    });
  }

  limit(key: AuthenticatedKey, at: Date): Reservation["limit"] {
    return limitOf(this.#pools.of(key, at));
  }

  lessee(): Id<"lessee"> {
    return this.#ledger.lessee();
  }

  introduced(): Promise<Id<"lessee">> {
    return this.#ledger.introduced();
  }

  settledUntil(at: number): void {
    this.#settledUntil = at;
  }

  end({ pools, lessee, amount }: Reservation, spent: bigint): void {
    if (lessee !== this.#ledger.lessee()) return;
    const at = stopwatch();
    for (const pool of pools) {
      pool.end(amount, spent, at);
      if (pool.isTight) this.#ebb ??= setTimeout(() => this.#trim(), pollMs);
    }
    if (this.#waiting.length > 0 && !this.#isRunning) this.#serve();
  }

  doubt(): void {
    this.#ledger
      .renew()
      .then((isAlive) => isAlive || this.#startAnew())
      .catch((error: unknown) => void logError("leases.renew", error));
  }

  held(): bigint {
    let sum = 0n;
    for (const { place, inFlight } of this.#pools.all()) if (place.scope === "organization") sum += inFlight;
    return sum;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of [...this.#timers, this.#poll, this.#ebb]) clearInterval(timer);
    // What a round under way still gets must be released too.
    await this.#round;
    await this.#ledger.release();
  }

  #take(pools: readonly Pool[], amount: bigint): Reservation {
    const at = stopwatch();
    const limit = limitOf(pools);
    for (const pool of pools) {
      pool.take(amount, at);
      if (pool.free < pool.low) this.#plan(pool);
    }
    return { pools, lessee: this.#ledger.lessee(), amount, limit };
  }

  /** A round soon, with all that this turn of the event loop brings. */
  #plan(pool?: Pool): void {
    if (pool) this.#restless.add(pool);
    if (this.#isRunning || this.#isPlanned || this.#isClosed) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      if (!this.#isClosed) this.#round = this.#run();
    });
  }

  /** What is asked of each pool by the requests that wait. */
  #asked(): Map<Pool, ReservationNeed[]> {
    const found = new Map<Pool, ReservationNeed[]>();
    for (const { pools, ask } of this.#waiting)
      for (const pool of pools) {
        const asks = found.get(pool);
        if (asks) asks.push(ask);
        else found.set(pool, [ask]);
      }
    return found;
  }

  /** One round at a time: everything this process needs and can give back, in one statement. */
  async #run(): Promise<void> {
    const rounds = planRounds(this.#asked(), this.#restless, this.#settledUntil);
    this.#restless.clear();
    const askers = new Set(this.#waiting);
    this.#isRunning = true;
    try {
      if (rounds.length > 0) await play(this.#ledger, rounds);
      for (const one of askers) one.isAsked = true;
      this.#leave(rounds);
    } catch (error) {
      this.#failed(error, askers);
    }
    this.#isRunning = false;
    this.#serve();
    if (this.#restless.size > 0) this.#plan();
  }

  /** Pools that gave everything back are forgotten, unless a request has come for them meanwhile. */
  #leave(rounds: readonly LeaseRound[]): void {
    const wanted = this.#asked();
    for (const { pool, done } of rounds) if (done && pool.inFlight === 0n && !wanted.has(pool)) this.#pools.drop(pool);
  }

  #failed(error: unknown, askers: ReadonlySet<Waiting>): void {
    // What was to be given back counts as given: a pool that comes to rest gives back all the database knows of.
    if (error instanceof LesseeGone) this.#startAnew();
    else if (sqlstateOf(error) !== sqlstate.deadlockDetected) this.#refuseAll(logError("leases.round", error), askers);
  }

  #refuseAll(reference: string, askers: ReadonlySet<Waiting>): void {
    const message = `Limits cannot be checked at the moment. Quote ${reference} if it stays.`;
    for (const { reject } of askers) reject(new AppError("unavailable", message, { retryAfter: 1 }));
    this.#waiting = this.#waiting.filter((one) => !askers.has(one));
  }

  /** Lets in or refuses waiting requests, first come first served, and asks again for those that still wait. */
  #serve(): void {
    const at = stopwatch();
    this.#waiting = this.#waiting.filter((one) => !this.#isSettled(one, at));
    if (this.#waiting.some(({ isAsked }) => !isAsked)) this.#plan();
    else if (this.#waiting.length > 0) this.#poll ??= setTimeout(() => this.#again(), pollMs);
  }

  #again(): void {
    this.#poll = undefined;
    this.#plan();
  }

  #isSettled({ key, ask, pools, since, cancellation, isAsked, resolve, reject }: Waiting, at: number): boolean {
    if (cancellation.isCancelled) {
      reject(leftWaiting());
      return true;
    }
    const decision = decide(ask, pools, { isAsked, isLate: at - since > patienceMs });
    if (decision.kind === "take") resolve(this.#take(pools, decision.amount));
    else if (decision.kind === "refuse") reject(refusal(key, ask, decision));
    return decision.kind !== "wait";
  }

  /** The database took this process for dead: what it had leased is gone. */
  #startAnew(): void {
    this.#ledger.startAnew();
    for (const pool of [...this.#pools.all()]) this.#pools.drop(pool);
    for (const one of this.#waiting) {
      one.pools = one.pools.map(({ place }) => this.#pools.at(place));
      one.isAsked = false;
    }
    if (this.#waiting.length > 0) this.#plan();
  }

  #recall(pool: Pool): void {
    pool.standing = null;
    pool.isRecalled = true;
    this.#plan(pool);
  }

  /** Near a limit, what no request here has taken up again goes back at once: another process may wait for it. */
  #trim(): void {
    this.#ebb = undefined;
    for (const pool of this.#pools.all()) if (pool.isTight && pool.free > 0n) this.#plan(pool);
  }

  #tick(): void {
    for (const pool of this.#pools.all()) {
      pool.measure();
      if (pool.surplus > 0n || isIdle(pool, this.#settledUntil)) this.#plan(pool);
    }
  }
}

function limitOf(pools: readonly Pool[]): Reservation["limit"] {
  const pool = limitedBy(pools);
  return pool && { scope: pool.place.scope, left: pool.left ?? 0n };
}

const leftWaiting = (): AppError =>
  new AppError("invalid", "The connection closed while the request waited.", { code: "client_closed_request" });
