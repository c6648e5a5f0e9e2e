import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { BucketRequest, Store } from "./store.ts";
import type { Bucket } from "./token-bucket.ts";

const correctMs = 100;
const againMs = 1000;
const patienceMs = 2000;

/** A request that needs more than this process holds of some of its buckets. */
export type Waiter = {
  buckets: readonly Bucket[];
  tokens: number;
  /** Which of the buckets lack credit; from the others it is spent already. */
  lacking: readonly Bucket[];
  admit: (now: number) => void;
  refuse: (now: number) => void;
  fail: (error: unknown) => void;
};

/** The talks of a process with the store: at most one at a time, and each for everything that came up in the meantime. */
export type Rounds = {
  join: (waiter: Waiter) => void;
  /** Fetches more for a bucket before somebody has to wait for it. */
  fetch: (bucket: Bucket) => void;
  /** Tells the store soon what became of credit it gave. */
  report: (bucket: Bucket) => void;
  /** Gives up what was kept too long. */
  sweep: () => void;
  /** Resolves once the store knows everything; from then on nothing is held. */
  close: () => Promise<void>;
};

type Options = { store: Store; clock: () => number; used: (bucket: Bucket) => Promise<number> };

export function openRounds({ store, clock, used }: Options): Rounds {
  let waiters: Waiter[] = [];
  const due = new Set<Bucket>();
  const holders = new Set<Bucket>();
  let isGathering = false;
  let isClosing = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const begin = (): void => {
    if (isGathering || running || (waiters.length === 0 && due.size === 0)) return;
    isGathering = true;
    // What arrives in one turn of the event loop is asked for together.
    setImmediate(run);
  };
  const run = (): void => {
    isGathering = false;
    const served = waiters;
    waiters = [];
    const buckets = [...due];
    due.clear();
    running = round(served, buckets)
      .catch((error: unknown) => void logError("limiter.serve", error))
      .finally(() => {
        running = undefined;
        begin();
      });
  };
  const round = async (served: Waiter[], buckets: Bucket[]): Promise<void> => {
    try {
      await exchange(buckets, { store, clock, used });
    } catch (error) {
      fail(served, error);
      owe(buckets);
      return;
    }
    for (const bucket of buckets) holders.add(bucket);
    for (const bucket of serve(served, clock())) if (bucket.release(clock(), true)) report(bucket);
  };
  const owe = (buckets: Bucket[]): void => {
    const owing = isClosing ? [] : buckets.filter((bucket) => bucket.isCorrected);
    for (const bucket of owing) report(bucket, againMs);
  };
  const report = (bucket: Bucket, delayMs = correctMs): void => {
    due.add(bucket);
    if (isClosing) begin();
    else timer ??= setTimeout(wake, delayMs).unref();
  };
  const wake = (): void => {
    timer = undefined;
    begin();
  };
  const sweep = (): void => {
    for (const bucket of holders) {
      if (bucket.release(clock())) report(bucket);
      if (bucket.isSpent) holders.delete(bucket);
    }
  };

  return {
    join: (waiter) => {
      const now = clock();
      for (const bucket of waiter.lacking) {
        bucket.want(bucket.cost(waiter.tokens), now);
        due.add(bucket);
      }
      waiters.push(waiter);
      begin();
    },
    fetch: (bucket) => {
      bucket.fetch();
      due.add(bucket);
      begin();
    },
    report: (bucket) => report(bucket),
    sweep,
    close: async () => {
      isClosing = true;
      clearTimeout(timer);
      for (const bucket of holders) if (bucket.release(clock(), true) || bucket.isCorrected) due.add(bucket);
      begin();
      while (isGathering || running) await (running ?? new Promise(setImmediate));
    },
  };
}

async function exchange(buckets: Bucket[], { store, clock, used }: Options): Promise<void> {
  const asks = buckets.map((bucket) => bucket.ask(clock()));
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The store of the rate limits does not answer.")), patienceMs);
  });
  try {
    await learnFloors(buckets, asks, { clock, used });
    const grants = await Promise.race([store.take(asks), silence]);
    buckets.forEach((bucket, index) => {
      const [ask, grant] = [asks[index], grants[index]];
      if (ask && grant) bucket.take(grant, ask, clock());
    });
  } catch (error) {
    buckets.forEach((bucket, index) => {
      const ask = asks[index];
      if (ask) bucket.untake(ask);
    });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A window starts from what its owner is known to have used. */
async function learnFloors(
  buckets: Bucket[],
  asks: BucketRequest[],
  { clock, used }: Omit<Options, "store">,
): Promise<void> {
  for (const [index, bucket] of buckets.entries()) {
    const ask = asks[index];
    if (!ask || !bucket.needsFloor(clock())) continue;
    ask.floor = await used(bucket);
    bucket.setFloor(ask.floor, clock());
  }
}

/** In the order they came; returns the buckets that had too little for somebody, of which nothing is kept. */
function serve(waiters: Waiter[], now: number): Set<Bucket> {
  const short = new Set<Bucket>();
  for (const waiter of waiters) {
    const missing = waiter.lacking.filter((bucket) => !bucket.holds(bucket.cost(waiter.tokens), now));
    if (missing.length === 0) {
      for (const bucket of waiter.lacking) bucket.spend(bucket.cost(waiter.tokens), now);
      waiter.admit(now);
    } else {
      giveBack(waiter);
      for (const bucket of waiter.buckets) short.add(bucket);
      waiter.refuse(now);
    }
  }
  return short;
}

function fail(waiters: Waiter[], error: unknown): void {
  logError("limiter.round", error);
  for (const waiter of waiters) {
    giveBack(waiter);
    waiter.fail(unavailable(error));
  }
}

function giveBack({ buckets, lacking, tokens }: Waiter): void {
  for (const bucket of buckets) if (!lacking.includes(bucket)) bucket.unspend(bucket.cost(tokens));
}

const unavailable = (cause: unknown): AppError =>
  new AppError("unavailable", "The rate limits cannot be checked at the moment. Try again in a second.", {
    code: "limits_unavailable",
    retryAfter: 1,
    cause,
  });
