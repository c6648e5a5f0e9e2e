import { stopwatch } from "#lib/core/clock.ts";
import type { ReservationNeed } from "./decide.ts";
import type { LeaseRound, Ledger } from "./ledger.ts";
import type { Pool } from "./pool.ts";

/** A pool no one uses gives everything back after this time. */
export const idleMs = 1000;

/** What was spent since `settledUntil` is still in the lease, so it cannot be given back whole. */
export const isIdle = (pool: Pool, settledUntil: number): boolean =>
  pool.inFlight === 0n && pool.spentAt <= settledUntil && stopwatch() - pool.usedAt > idleMs;

/** What to ask the database: for those who wait, for pools that run low, and back from those with too much. */
export function planRounds(
  asked: ReadonlyMap<Pool, ReservationNeed[]>,
  restless: ReadonlySet<Pool>,
  settledUntil: number,
): LeaseRound[] {
  const rounds: LeaseRound[] = [];
  for (const [pool, asks] of asked) if (pool.isRecalled || wanted(asks) > pool.free) rounds.push(roundFor(pool, asks));
  for (const pool of restless)
    if (!asked.has(pool) && !pool.isGone) rounds.push(upkeepOf(pool, isIdle(pool, settledUntil)));
  return rounds;
}

const wanted = (asks: readonly ReservationNeed[]): bigint => asks.reduce((sum, { most }) => sum + most, 0n);

/** What is free goes back in the same step, so that processes that each have too little do not keep it from each other. */
function roundFor(pool: Pool, asks: readonly ReservationNeed[]): LeaseRound {
  const want = wanted(asks);
  const minimum = asks.reduce((least, ask) => (ask.least < least ? ask.least : least), want);
  return { pool, want, minimum, ahead: pool.ahead, give: pool.free, done: false };
}

function upkeepOf(pool: Pool, done: boolean): LeaseRound {
  const ahead = done || pool.isRecalled || pool.isTight ? 0n : pool.ahead;
  return { pool, want: 0n, minimum: 0n, ahead, give: pool.surplus, done };
}

/** Takes out what is given back, asks, and puts in what was granted; whatever happens to a round, nothing is counted twice. */
export async function play(ledger: Ledger, rounds: readonly LeaseRound[]): Promise<void> {
  for (const { pool, give, done } of rounds) {
    pool.free = done ? 0n : pool.free - give;
    pool.isRecalled = false;
  }
  const lessee = ledger.lessee();
  const granted = await ledger.lease(rounds);
  // Taken for dead in between: what was granted went with the old name.
  if (ledger.lessee() !== lessee) return;
  for (const [at, { pool }] of rounds.entries()) {
    const { granted: more = 0n, standing = null } = granted[at] ?? {};
    pool.free += more;
    // A limit that changed while we asked may not be in the answer.
    pool.standing = pool.isRecalled ? null : standing;
  }
}
