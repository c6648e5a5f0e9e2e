import { AppError, Fault } from "#lib/core/errors.ts";
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

type Options = { store: Store; clock: () => number; used: (bucket: Bucket) => Promise<number> };

/** The exchanges of a process with the store: at most one at a time, each for everything that came up meanwhile. */
export class Rounds {
  readonly #options: Options;
  readonly #due = new Set<Bucket>();
  readonly #holders = new Set<Bucket>();
  #waiters: Waiter[] = [];
  #isGathering = false;
  #isClosing = false;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  join(waiter: Waiter): void {
    const now = this.#options.clock();
    for (const bucket of waiter.lacking) {
      bucket.want(bucket.cost(waiter.tokens), now);
      this.#due.add(bucket);
    }
    this.#waiters.push(waiter);
    this.#begin();
  }

  /** Fetches more for a bucket before a request has to wait for it. */
  fetch(bucket: Bucket): void {
    bucket.fetch();
    this.#due.add(bucket);
    this.#begin();
  }

  /** Tells the store soon what became of credit it gave. */
  report(bucket: Bucket, delayMs = correctMs): void {
    this.#due.add(bucket);
    if (this.#isClosing) this.#begin();
    else this.#timer ??= setTimeout(() => this.#wake(), delayMs).unref();
  }

  /** Gives up what was kept too long. */
  sweep(): void {
    for (const bucket of this.#holders) {
      if (bucket.release(this.#options.clock())) this.report(bucket);
      if (bucket.isSpent) this.#holders.delete(bucket);
    }
  }

  /** Resolves once the store knows everything; from then on nothing is held. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    const now = this.#options.clock();
    for (const bucket of this.#holders) if (bucket.release(now, true) || bucket.isCorrected) this.#due.add(bucket);
    this.#begin();
    while (this.#isGathering || this.#running) await (this.#running ?? new Promise(setImmediate));
  }

  #begin(): void {
    if (this.#isGathering || this.#running || (this.#waiters.length === 0 && this.#due.size === 0)) return;
    this.#isGathering = true;
    // What arrives in one turn of the event loop is asked for together.
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#isGathering = false;
    const served = this.#waiters;
    this.#waiters = [];
    const buckets = [...this.#due];
    this.#due.clear();
    this.#running = this.#round(served, buckets)
      .catch((error: unknown) => void logError("limiter.serve", error))
      .finally(() => {
        this.#running = undefined;
        this.#begin();
      });
  }

  async #round(served: Waiter[], buckets: Bucket[]): Promise<void> {
    const { clock } = this.#options;
    try {
      await exchange(buckets, this.#options);
    } catch (error) {
      fail(served, error);
      this.#owe(buckets);
      return;
    }
    for (const bucket of buckets) this.#holders.add(bucket);
    for (const bucket of serve(served, clock())) if (bucket.release(clock(), true)) this.report(bucket);
  }

  #owe(buckets: Bucket[]): void {
    const owing = this.#isClosing ? [] : buckets.filter((bucket) => bucket.isCorrected);
    for (const bucket of owing) this.report(bucket, againMs);
  }

  #wake(): void {
    this.#timer = undefined;
    this.#begin();
  }
}

async function exchange(buckets: Bucket[], { store, clock, used }: Options): Promise<void> {
  const asks = buckets.map((bucket) => bucket.ask(clock()));
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault("The store of the rate limits does not answer.")), patienceMs);
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

/** In the order they came; returns the buckets that had too little for a person, of which nothing is kept. */
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
