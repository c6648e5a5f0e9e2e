import type { Sql } from "#db/client.ts";
import { monthOf, stopwatch, timestamp } from "#lib/core/clock.ts";
import type { AppError } from "#lib/core/errors.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { BucketShape } from "./bucket-shape.ts";
import { tokensOfMonth } from "./month-use.ts";
import { openStore } from "./open-store.ts";
import { leastLeft, planOf, type RatePlan } from "./plan.ts";
import { refusal } from "./refusal.ts";
import { Rounds } from "./rounds.ts";
import type { Store } from "./store.ts";
import { Bucket, type BucketOwner } from "./token-bucket.ts";

export type RateLimiter = {
  /**
   * Counts a request and its expected tokens against every limit that applies, or throws what the client is told. A
   * promise only when this process has no credit left and has to ask.
   */
  admit: (key: AuthenticatedKey, model: string, expectedTokens: number) => Counted | Promise<Counted>;
  /** Corrects the token limits by what the answer really used, once; never throws, never waits. */
  correct: (admitted: Counted, usedTokens: number) => void;
  close: () => Promise<void>;
};

/** A request that was let in: the state after it, for its headers and its log line. */
export type Counted = {
  headers: Record<string, string>;
  requestsLeft: number;
  tokensLeft: number;
  /** The buckets its tokens were taken from, until they are corrected. */
  buckets: readonly Bucket[];
  tokens: number;
};

const sweepMs = 1000;
const idleMs = 120_000;

type Parts = {
  store: Store;
  used: (bucket: Bucket) => Promise<number>;
  clock?: () => number;
  calendar?: () => number;
};

export async function openRateLimiter(options: { sql: Sql; redisUrl: string | undefined }): Promise<RateLimiter> {
  const store = await openStore(options);
  const used = async ({ owner, shape }: Bucket): Promise<number> => {
    if (!owner.usage || shape.resetsAt === null) return 0;
    const month = monthOf(new Date(shape.resetsAt - 1));
    return tokensOfMonth(options.sql, owner.organizationId, owner.usage, month);
  };
  return rateLimiterOn({ store, used });
}

/** The limiter on any store and clocks. */
export const rateLimiterOn = (parts: Parts): RateLimiter => new ProcessRateLimiter(parts);

/** What this process holds of every bucket, and the plans of the keys that came lately. */
class ProcessRateLimiter implements RateLimiter {
  readonly #store: Store;
  readonly #clock: () => number;
  readonly #calendar: () => number;
  readonly #buckets = new Map<string, Bucket>();
  // Keys are read again at least every minute, so unused plans go by themselves.
  readonly #plans = new WeakMap<AuthenticatedKey, Map<string, RatePlan>>();
  readonly #rounds: Rounds;
  readonly #sweeper: NodeJS.Timeout;

  constructor({ store, used, clock = stopwatch, calendar = timestamp }: Parts) {
    this.#store = store;
    this.#clock = clock;
    this.#calendar = calendar;
    this.#rounds = new Rounds({ store, clock, used });
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs).unref();
  }

  admit(key: AuthenticatedKey, model: string, expectedTokens: number): Counted | Promise<Counted> {
    const plan = this.#find(key, model);
    const now = this.#clock();
    const lack = lackOf(plan, expectedTokens, now);
    if (lack === "known") throw this.#refuse(key, plan, expectedTokens, now);
    if (lack === "credit") return this.#wait(key, plan, expectedTokens, now);
    for (const bucket of plan.buckets) {
      bucket.spend(bucket.cost(expectedTokens), now);
      if (bucket.isLow) this.#rounds.fetch(bucket);
    }
    return state(plan, expectedTokens, now);
  }

  correct(counted: Counted, usedTokens: number): void {
    for (const bucket of counted.buckets) {
      if (bucket.shape.kind === "requests_second") continue;
      const difference = usedTokens - bucket.cost(counted.tokens);
      if (difference === 0) continue;
      bucket.correct(difference);
      this.#rounds.report(bucket);
    }
    counted.buckets = [];
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#rounds.close();
    await this.#store.close();
  }

  #sweep(): void {
    this.#rounds.sweep();
    for (const [name, bucket] of this.#buckets)
      if (this.#clock() - bucket.usedAt > idleMs && !bucket.isCorrected) this.#buckets.delete(name);
  }

  /** A changed limit begins without memory: what was empty under the old one may not be under the new one. */
  readonly #bucketFor = (owner: BucketOwner, shape: BucketShape): Bucket => {
    const name = `${owner.organizationId} ${shape.name} ${shape.capacity} ${owner.usage?.except ?? ""}`;
    const known = this.#buckets.get(name) ?? new Bucket(owner, shape);
    known.usedAt = this.#clock();
    this.#buckets.set(name, known);
    return known;
  };

  #find(key: AuthenticatedKey, model: string): RatePlan {
    const known = this.#plans.get(key)?.get(model);
    if (known && this.#calendar() < known.validUntil) return known;
    const made = planOf(key, model, new Date(this.#calendar()), this.#bucketFor);
    const ofKey = this.#plans.get(key);
    if (ofKey) ofKey.set(model, made);
    else this.#plans.set(key, new Map([[model, made]]));
    return made;
  }

  #refuse(key: AuthenticatedKey, plan: RatePlan, tokens: number, now: number): AppError {
    const waits = plan.buckets.map((bucket) => bucket.wait(bucket.cost(tokens), now));
    const waitMs = Math.max(...waits);
    const index = waits.indexOf(waitMs);
    const [limit, bucket] = [plan.limits[index], plan.buckets[index]];
    if (!limit || !bucket) throw new Error("A request was refused by no limit.");
    const { headers, requestsLeft, tokensLeft } = state(plan, tokens, now);
    // A flood asks for the same again and again, and is told the same for the rest of the second.
    const name = `${index} ${tokens} ${Math.ceil(waitMs / 1000)} ${requestsLeft} ${tokensLeft}`;
    if (plan.refused?.name === name) return plan.refused.error;
    const facts = { limit, bucket, tokens, waitMs, now, at: this.#calendar() };
    const isFree = planAt(key.contract.rates, facts.at) === "free";
    const error = refusal({ ...facts, workspaceId: key.workspaceId, isFree, headers });
    plan.refused = { name, error };
    return error;
  }

  #wait(key: AuthenticatedKey, plan: RatePlan, tokens: number, now: number): Promise<Counted> {
    const lacking = plan.buckets.filter((bucket) => !bucket.holds(bucket.cost(tokens), now));
    for (const bucket of plan.buckets) if (!lacking.includes(bucket)) bucket.spend(bucket.cost(tokens), now);
    return new Promise((resolve, reject) => {
      this.#rounds.join({
        buckets: plan.buckets,
        tokens,
        lacking,
        admit: (now) => resolve(state(plan, tokens, now)),
        refuse: (now) => reject(this.#refuse(key, plan, tokens, now)),
        fail: reject,
      });
    });
  }
}

/** What keeps a request from being let in at once: nothing, credit to ask for, or a bucket known to be empty. */
function lackOf({ buckets }: RatePlan, tokens: number, now: number): "none" | "credit" | "known" {
  let lack: "none" | "credit" = "none";
  for (const bucket of buckets) {
    const cost = bucket.cost(tokens);
    if (bucket.holds(cost, now)) continue;
    if (bucket.lacks(cost, now)) return "known";
    lack = "credit";
  }
  return lack;
}

/** What is left after a request, in the field's headers. Written out, because putting them together costs more than the rest. */
function state(plan: RatePlan, tokens: number, now: number): Counted {
  const { requests, minute, month, buckets } = plan;
  const requestsLeft = leastLeft(requests.buckets, now);
  const minuteLeft = leastLeft(minute.buckets, now);
  if (month.buckets.length === 0) {
    const headers = {
      "x-ratelimit-limit-req-second": requests.limit,
      "x-ratelimit-remaining-req-second": String(requestsLeft),
      "x-ratelimit-limit-tokens-minute": minute.limit,
      "x-ratelimit-remaining-tokens-minute": String(minuteLeft),
      "x-ratelimit-tokens-query-cost": String(tokens),
    };
    return { headers, requestsLeft, tokensLeft: minuteLeft, buckets, tokens };
  }
  const monthLeft = leastLeft(month.buckets, now);
  const headers = {
    "x-ratelimit-limit-req-second": requests.limit,
    "x-ratelimit-remaining-req-second": String(requestsLeft),
    "x-ratelimit-limit-tokens-minute": minute.limit,
    "x-ratelimit-remaining-tokens-minute": String(minuteLeft),
    "x-ratelimit-limit-tokens-month": month.limit,
    "x-ratelimit-remaining-tokens-month": String(monthLeft),
    "x-ratelimit-tokens-query-cost": String(tokens),
  };
  return { headers, requestsLeft, tokensLeft: Math.min(minuteLeft, monthLeft), buckets, tokens };
}
