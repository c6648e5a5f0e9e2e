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
import { type LeaseRound, LesseeGone, openLedger } from "./ledger.ts";
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

export function openReservations(sql: Sql, changes: ChangeFeed): Reservations {
  const ledger = openLedger(sql);
  const pools = openPools();
  const restless = new Set<Pool>();
  let waiting: Waiting[] = [];
  let round = Promise.resolve();
  let isRunning = false;
  let isPlanned = false;
  let isClosed = false;
  let settledUntil = Number.NEGATIVE_INFINITY;
  let poll: NodeJS.Timeout | undefined;
  let ebb: NodeJS.Timeout | undefined;

  const taken = (pools: readonly Pool[], amount: bigint): Reservation => {
    const at = stopwatch();
    const limit = limitOf(pools);
    for (const pool of pools) {
      pool.take(amount, at);
      if (pool.free < pool.low) plan(pool);
    }
    return { pools, lessee: ledger.lessee(), amount, limit };
  };

  /** A round soon, with all that this turn of the event loop brings. */
  const plan = (pool?: Pool): void => {
    if (pool) restless.add(pool);
    if (isRunning || isPlanned || isClosed) return;
    isPlanned = true;
    setImmediate(() => {
      isPlanned = false;
      if (!isClosed) round = run();
    });
  };

  /** What is asked of each pool by those who wait. */
  const asked = (): Map<Pool, ReservationNeed[]> => {
    const found = new Map<Pool, ReservationNeed[]>();
    for (const { pools, ask } of waiting)
      for (const pool of pools) {
        const asks = found.get(pool);
        if (asks) asks.push(ask);
        else found.set(pool, [ask]);
      }
    return found;
  };

  /** One round at a time: everything this process needs and can give back, in one statement. */
  const run = async (): Promise<void> => {
    const rounds = planRounds(asked(), restless, settledUntil);
    restless.clear();
    const askers = new Set(waiting);
    isRunning = true;
    try {
      if (rounds.length > 0) await play(ledger, rounds);
      for (const one of askers) one.isAsked = true;
      leave(rounds);
    } catch (error) {
      failed(error, askers);
    }
    isRunning = false;
    serve();
    if (restless.size > 0) plan();
  };

  /** Pools that gave everything back are forgotten, unless somebody has come for them meanwhile. */
  const leave = (rounds: readonly LeaseRound[]): void => {
    const wanted = asked();
    for (const { pool, done } of rounds) if (done && pool.inFlight === 0n && !wanted.has(pool)) pools.drop(pool);
  };

  const failed = (error: unknown, askers: ReadonlySet<Waiting>): void => {
    // What was to be given back counts as given: a pool that comes to rest gives back all the database knows of.
    if (error instanceof LesseeGone) startAnew();
    else if (sqlstateOf(error) !== sqlstate.deadlockDetected) refuseAll(logError("leases.round", error), askers);
  };

  const refuseAll = (reference: string, askers: ReadonlySet<Waiting>): void => {
    const message = `Limits cannot be checked at the moment. Quote ${reference} if it stays.`;
    for (const { reject } of askers) reject(new AppError("unavailable", message, { retryAfter: 1 }));
    waiting = waiting.filter((one) => !askers.has(one));
  };

  /** Lets in or refuses who waits, first come first served, and asks again for those who still do. */
  const serve = (): void => {
    const at = stopwatch();
    waiting = waiting.filter((one) => !isSettled(one, at));
    if (waiting.some(({ isAsked }) => !isAsked)) plan();
    else if (waiting.length > 0) poll ??= setTimeout(again, pollMs);
  };
  const again = (): void => {
    poll = undefined;
    plan();
  };

  const isSettled = (
    { key, ask, pools, since, cancellation, isAsked, resolve, reject }: Waiting,
    at: number,
  ): boolean => {
    if (cancellation.isCancelled) {
      reject(leftWaiting());
      return true;
    }
    const decision = decide(ask, pools, { isAsked, isLate: at - since > patienceMs });
    if (decision.kind === "take") resolve(taken(pools, decision.amount));
    else if (decision.kind === "refuse") reject(refusal(key, ask, decision));
    return decision.kind !== "wait";
  };

  const startAnew = (): void => {
    ledger.startAnew();
    for (const pool of [...pools.all()]) pools.drop(pool);
    for (const one of waiting) {
      one.pools = one.pools.map(({ place }) => pools.at(place));
      one.isAsked = false;
    }
    if (waiting.length > 0) plan();
  };

  const recall = (pool: Pool): void => {
    pool.standing = null;
    pool.isRecalled = true;
    plan(pool);
  };
  changes.subscribe({
    tell: (message) => {
      if (!message.startsWith("limit:")) return;
      const scopeId = message.slice("limit:".length);
      for (const pool of pools.all()) if (pool.place.scopeId === scopeId) recall(pool);
    },
    forget: () => {
      for (const pool of pools.all()) recall(pool);
    },
  });

  /** Near a limit, what no request here has taken up again goes back at once: another process may wait for it. */
  const trim = (): void => {
    ebb = undefined;
    for (const pool of pools.all()) if (pool.isTight && pool.free > 0n) plan(pool);
  };

  const tick = setInterval(() => {
    for (const pool of pools.all()) {
      pool.measure();
      if (pool.surplus > 0n || isIdle(pool, settledUntil)) plan(pool);
    }
  }, idleMs);
  const renew = (): void => {
    ledger
      .renew()
      .then((isAlive) => isAlive || startAnew())
      .catch((error: unknown) => void logError("leases.renew", error));
  };
  const renewal = setInterval(renew, renewMs);
  for (const timer of [tick, renewal]) timer.unref();

  return {
    reserve: (key, at, ask, cancellation) => {
      const own = pools.of(key, at);
      if (own.every(({ free }) => free >= ask.most)) return taken(own, ask.most);
      if (changes.isTrusted()) {
        const decision = decide(ask, own, { isAsked: false, isLate: false });
        if (decision.kind === "refuse") throw refusal(key, ask, decision);
      }
      return new Promise((resolve, reject) => {
        waiting.push({ key, ask, pools: own, since: stopwatch(), cancellation, isAsked: false, resolve, reject });
        plan();
      });
    },
    limit: (key, at) => limitOf(pools.of(key, at)),
    lessee: ledger.lessee,
    introduced: ledger.introduced,
    settledUntil: (at) => {
      settledUntil = at;
    },
    end: ({ pools: own, lessee, amount }, spent) => {
      if (lessee !== ledger.lessee()) return;
      const at = stopwatch();
      for (const pool of own) {
        pool.end(amount, spent, at);
        if (pool.isTight) ebb ??= setTimeout(trim, pollMs);
      }
      if (waiting.length > 0 && !isRunning) serve();
    },
    doubt: renew,
    held: () => {
      let sum = 0n;
      for (const { place, inFlight } of pools.all()) if (place.scope === "organization") sum += inFlight;
      return sum;
    },
    close: async () => {
      isClosed = true;
      for (const timer of [tick, renewal, poll, ebb]) clearInterval(timer);
      // What a round under way still gets must be released too.
      await round;
      await ledger.release();
    },
  };
}

function limitOf(pools: readonly Pool[]): Reservation["limit"] {
  const pool = limitedBy(pools);
  return pool && { scope: pool.place.scope, left: pool.left ?? 0n };
}

const leftWaiting = (): AppError =>
  new AppError("invalid", "The connection closed while the request waited.", { code: "client_closed_request" });
