import type { Id } from "#db/id.ts";
import type { BucketShape } from "./bucket-shape.ts";
import { type BucketRequest, drained, type Grant } from "./store.ts";

/** How long credit is kept that no one uses, and a verdict that a bucket is empty, in milliseconds. */
const keepMs = 1000;
/** Credit used up sooner than this is followed by twice as much. */
const briskMs = 400;
/** The share of its capacity a process may hold ahead: a tenth of a second's requests, half a second's tokens. */
const shares = { requests_second: 0.1, tokens_minute: 0.01, tokens_month: 0.001 } as const;

export type BucketOwner = {
  organizationId: Id<"organization">;
  /** For a window: whose use is known from elsewhere. */
  usage: { workspaceId: Id<"workspace"> | null; model: string | null; except: readonly string[] } | null;
};

/** What this process holds of a shared bucket: credit it has taken and not used, and what it knows of the rest. */
export class Bucket {
  readonly shape: BucketShape;
  readonly owner: BucketOwner;
  readonly #mostAhead: number;
  #credit = 0;
  #creditAt = 0;
  #ahead = 0;
  /** What the store said last, and when. */
  #level = 0;
  #levelAt = 0;
  /** Before it, a bucket that was found empty is not asked again. */
  #askAgainAt = 0;
  #demand = 0;
  #least = Number.POSITIVE_INFINITY;
  #correction = 0;
  #floor = 0;
  #floorAt = Number.NEGATIVE_INFINITY;
  /** More is on its way, or about to be asked for. */
  #isAsked = false;
  #isFetched = false;
  usedAt = 0;

  constructor(owner: BucketOwner, shape: BucketShape) {
    this.owner = owner;
    this.shape = shape;
    this.#mostAhead = Math.floor(shape.capacity * shares[shape.kind]);
  }

  /** More than fits into the bucket can never be granted: the rest becomes debt when the request is corrected. */
  cost(tokens: number): number {
    if (this.shape.kind === "requests_second") return 1;
    return this.shape.kind === "tokens_minute" && tokens > this.shape.capacity ? this.shape.capacity : tokens;
  }

  holds(cost: number, now: number): boolean {
    return this.#held(now) >= cost;
  }

  /** Whether more should be fetched before what is held is used up. */
  get isLow(): boolean {
    return this.#ahead > 0 && !this.#isAsked && this.#credit < this.#ahead / 2;
  }

  spend(cost: number, now: number): void {
    this.#credit -= cost;
    this.usedAt = now;
  }

  /** Puts back what was spent for a request that was refused after all. */
  unspend(cost: number): void {
    this.#credit += cost;
  }

  /** Whether memory already says that this much is not there, so that no one needs to ask. */
  lacks(cost: number, now: number): boolean {
    return now < this.#askAgainAt && this.wait(cost, now) > 0;
  }

  /** Milliseconds until the bucket has run off far enough; infinite for a window. */
  wait(cost: number, now: number): number {
    const missing = cost - this.available(now) - this.#held(now);
    if (missing <= 1e-6) return 0;
    return this.shape.perSecond === 0 ? Number.POSITIVE_INFINITY : (missing / this.shape.perSecond) * 1000;
  }

  /** What is left for anyone, as far as this process knows. */
  available(now: number): number {
    const level = drained(this.#level, this.shape.perSecond, (now - this.#levelAt) / 1000);
    return this.shape.capacity - Math.max(0, level + this.#correction);
  }

  /** What is left for this process: for everyone, and what it holds itself. */
  left(now: number): number {
    const left = Math.floor(this.available(now) + this.#held(now) + 1e-6);
    return Math.max(0, Math.min(left, this.shape.capacity));
  }

  #held(now: number): number {
    return now - this.#creditAt < keepMs ? this.#credit : 0;
  }

  /** A person waits for this much. */
  want(cost: number, now: number): void {
    this.#demand += cost;
    this.#least = Math.min(this.#least, cost);
    this.usedAt = now;
  }

  /** Credit runs low: the next round fetches more. */
  fetch(): void {
    this.#isFetched = true;
    this.#isAsked = true;
  }

  correct(difference: number): void {
    this.#correction += difference;
  }

  /** Nothing is held. */
  get isSpent(): boolean {
    return this.#credit <= 0;
  }

  get isCorrected(): boolean {
    return this.#correction !== 0;
  }

  /** A window's use is read again after a minute, so that what was counted elsewhere is not counted less here. */
  needsFloor(now: number): boolean {
    return this.owner.usage !== null && now - this.#floorAt > 60_000;
  }

  setFloor(used: number, now: number): void {
    this.#floor = used;
    this.#floorAt = now;
  }

  /** Gives up credit that was kept too long, for others to use; what would have run off by now is not there any more. */
  release(now: number, isEverything = false): boolean {
    if (this.#credit <= 0) return false;
    const heldMs = now - this.#creditAt;
    if (heldMs < keepMs && !isEverything) return false;
    this.#correction -= Math.max(0, this.#credit - (this.shape.perSecond * heldMs) / 1000);
    this.#credit = 0;
    this.#ahead = Math.floor(this.#ahead / 2);
    return true;
  }

  /** What the next round asks for. */
  ask(now: number): BucketRequest {
    this.release(now);
    const demand = this.#demand;
    const isMore = demand > 0 || this.#isFetched;
    if (isMore && now - this.#creditAt < briskMs)
      this.#ahead = Math.min(this.#mostAhead, Math.max(1, this.#ahead * 2, demand));
    const { name, capacity, perSecond } = this.shape;
    const ask: BucketRequest = {
      organizationId: this.owner.organizationId,
      name,
      capacity,
      perSecond,
      need: demand,
      least: demand > 0 ? this.#least : 0,
      ahead: isMore ? Math.max(0, Math.floor(this.#ahead - this.#credit)) : 0,
      correction: this.#correction,
      floor: this.#floor,
    };
    this.#demand = 0;
    this.#least = Number.POSITIVE_INFINITY;
    this.#correction = 0;
    this.#isFetched = false;
    this.#isAsked = true;
    return ask;
  }

  /** What the round brought. */
  take({ granted, level }: Grant, ask: BucketRequest, now: number): void {
    this.#isAsked = false;
    this.#level = level;
    this.#levelAt = now;
    if (granted > 0) {
      this.#credit += granted;
      this.#creditAt = now;
    }
    if (granted < ask.need) this.#ahead = 0;
    this.#askAgainAt = granted < ask.need ? now + keepMs : 0;
  }

  /** The round failed: what was to be corrected still is. */
  untake(ask: BucketRequest): void {
    this.#isAsked = false;
    this.#correction += ask.correction;
  }
}
