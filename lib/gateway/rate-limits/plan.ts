import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import type { AppError } from "#lib/core/errors.ts";
import { changesAt, limitsFor, type RateKind, type RateLimit } from "#lib/domain/rates/rules.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import { type BucketShape, shapeOf } from "./bucket-shape.ts";
import type { Bucket, BucketOwner } from "./token-bucket.ts";

/** The limits on one key's requests to one model, with the buckets they are counted in. */
export type RatePlan = {
  limits: readonly RateLimit[];
  buckets: readonly Bucket[];
  /** Milliseconds since the epoch; the limits may be others after it. */
  validUntil: number;
  requests: Side;
  minute: Side;
  month: Side;
  /** What was said last to a person who came too early. */
  refused?: { name: string; error: AppError };
};

/** The limits of one kind: the tightest, as a header says it, and all their buckets. */
type Side = { limit: string; buckets: readonly Bucket[] };

export function planOf(
  key: AuthenticatedKey,
  model: string,
  at: Date,
  bucketFor: (owner: BucketOwner, shape: BucketShape) => Bucket,
): RatePlan {
  const limits = limitsFor(key.contract.rates, { workspaceId: key.workspaceId, model }, at);
  const buckets = limits.map((limit) => bucketFor(ownerOf(key, limit), shapeOf(limit, key.workspaceId, at)));
  const side = (kind: RateKind): Side => ({
    limit: String(Math.min(...limits.filter((limit) => limit.kind === kind).map(({ value }) => value))),
    buckets: buckets.filter(({ shape }) => shape.kind === kind),
  });
  return {
    limits,
    buckets,
    validUntil: changesAt(key.contract.rates, at, endOfMonth(monthOf(at))).getTime(),
    requests: side("requests_second"),
    minute: side("tokens_minute"),
    month: side("tokens_month"),
  };
}

function ownerOf(
  { organizationId, workspaceId }: AuthenticatedKey,
  { kind, scope, model, except }: RateLimit,
): BucketOwner {
  const usage =
    kind === "tokens_month" ? { workspaceId: scope === "workspace" ? workspaceId : null, model, except } : null;
  return { organizationId, usage };
}

/** The least that is left of some buckets. */
export function leastLeft(buckets: readonly Bucket[], now: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const bucket of buckets) least = Math.min(least, bucket.left(now));
  return least;
}
