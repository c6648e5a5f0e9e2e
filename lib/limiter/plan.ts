import type { GateKey } from "#lib/gate/keys.ts";
import { changesAt, limitsFor, type RateKind, type RateLimit } from "#lib/rates/rules.ts";
import type { Bucket, BucketOwner } from "./bucket.ts";
import { monthEnd, type Shape, shapeOf } from "./shape.ts";

/** The limits on one key's requests to one model, with the buckets they are counted in. */
export type Plan = {
  limits: readonly RateLimit[];
  buckets: readonly Bucket[];
  /** Milliseconds since the epoch; the limits may be others after it. */
  validUntil: number;
  /** The headers that say what the limits are. */
  stated: Record<string, string>;
  requests: readonly Bucket[];
  minute: readonly Bucket[];
  month: readonly Bucket[];
};

const suffixes: Record<RateKind, string> = {
  requests_second: "req-second",
  tokens_minute: "tokens-minute",
  tokens_month: "tokens-month",
};

export function planOf(
  key: GateKey,
  model: string,
  at: Date,
  bucketFor: (owner: BucketOwner, shape: Shape) => Bucket,
): Plan {
  const limits = limitsFor(key.rates, { workspaceId: key.workspaceId, model }, at);
  const buckets = limits.map((limit) => bucketFor(ownerOf(key, limit), shapeOf(limit, key.workspaceId, at)));
  const of = (kind: RateKind): Bucket[] => buckets.filter(({ shape }) => shape.kind === kind);
  const stated = Object.fromEntries(
    limits.map(({ kind }): [string, string] => {
      const values = limits.filter((limit) => limit.kind === kind).map(({ value }) => value);
      return [`x-ratelimit-limit-${suffixes[kind]}`, String(Math.min(...values))];
    }),
  );
  return {
    limits,
    buckets,
    validUntil: changesAt(key.rates, at, monthEnd(at)).getTime(),
    stated,
    requests: of("requests_second"),
    minute: of("tokens_minute"),
    month: of("tokens_month"),
  };
}

function ownerOf({ organizationId, workspaceId }: GateKey, { kind, scope, model, except }: RateLimit): BucketOwner {
  const usage =
    kind === "tokens_month" ? { workspaceId: scope === "workspace" ? workspaceId : null, model, except } : null;
  return { organizationId, usage };
}

/** The least that is left of some buckets; null where there are none. */
export function leastLeft(buckets: readonly Bucket[], now: number): number | null {
  let least: number | null = null;
  for (const bucket of buckets) {
    const left = bucket.left(now);
    if (least === null || left < least) least = left;
  }
  return least;
}
