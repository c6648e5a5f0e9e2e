import type { Pool } from "./pool.ts";

/** What a request asks to have held, in pico-euros. Where the client fixed its length, all three are the same. */
export type ReservationNeed = {
  /** The least it can be answered for. */
  readonly least: bigint;
  /** Enough for an answer of some use; it is worth waiting for. */
  readonly useful: bigint;
  /** The most it can cost. */
  readonly most: bigint;
};

export type Decision =
  | { kind: "take"; amount: bigint }
  | { kind: "wait" }
  /** `isReached`: no wait can help, because what is spent leaves too little; else the rest is held by requests under way. */
  | { kind: "refuse"; pool: Pool; isReached: boolean };

const wait: Decision = { kind: "wait" };

/**
 * What becomes of a request, by what this process knows (T-4.2.2.2-LIM1). `isAsked`: the database was asked for it, so
 * what is free is all there is; `isLate`: it has waited long enough for others to finish.
 */
export function decide(
  ask: ReservationNeed,
  pools: readonly Pool[],
  { isAsked, isLate }: { isAsked: boolean; isLate: boolean },
): Decision {
  const free = leastFree(pools);
  if (free >= ask.most) return { kind: "take", amount: ask.most };
  const reached = reachedOn(pools, ask.least);
  if (reached) return { kind: "refuse", pool: reached, isReached: true };
  const short = pools.filter((pool) => pool.free < ask.most);
  // Where no limit is known, it was changed this moment, or others were quicker: the next round brings more.
  if (!isAsked || (!isLate && short.some(({ standing }) => standing === null))) return wait;
  const mayGrow = !isLate && short.some(isHeldByOthers);
  if (free >= (mayGrow ? ask.useful : ask.least)) return { kind: "take", amount: free };
  return mayGrow ? wait : { kind: "refuse", pool: tightest(short), isReached: false };
}

/** The first scope whose limit leaves less than is needed, whatever is held; known from memory, and true until a limit changes. */
export function reachedOn(pools: readonly Pool[], needed: bigint): Pool | undefined {
  return pools.find(({ left }) => left !== null && needed > left);
}

/** The scope that leaves least, when one has a limit at all. */
export function limitedBy(pools: readonly Pool[]): Pool | undefined {
  let found: Pool | undefined;
  let least: bigint | undefined;
  for (const pool of pools) {
    const { left } = pool;
    if (left === null || (least !== undefined && left >= least)) continue;
    [found, least] = [pool, left];
  }
  return found;
}

function leastFree(pools: readonly Pool[]): bigint {
  let least: bigint | undefined;
  for (const { free } of pools) if (least === undefined || free < least) least = free;
  return least ?? 0n;
}

function tightest(pools: readonly Pool[]): Pool {
  const [first, ...others] = pools;
  if (!first) throw new Error("A request is held on one scope at least.");
  return others.reduce((found, pool) => (pool.free < found.free ? pool : found), first);
}

const isHeldByOthers = (pool: Pool): boolean => pool.inFlight > 0n || pool.heldElsewhere > 0n;
