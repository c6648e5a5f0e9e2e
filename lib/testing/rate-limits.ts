import { newId } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import type { RateFacts, RateOverride } from "#lib/domain/rates/rules.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import { type BucketRequest, drained, type Grant, type Store } from "#lib/gateway/rate-limits/store.ts";

/** For tests: the buckets' arithmetic in its plainest form, with a clock that is handed in (milliseconds). */
export function memoryStore(clock: () => number): Store & { rounds: number; levels: Map<string, number> } {
  const kept = new Map<string, { level: number; at: number }>();
  const levelOf = (name: string, perSecond: number): number => {
    const found = kept.get(name);
    return found ? drained(found.level, perSecond, (clock() - found.at) / 1000) : 0;
  };
  const takeOne = (ask: BucketRequest): Grant => {
    const name = `${ask.organizationId} ${ask.name}`;
    const before = Math.max(0, Math.max(levelOf(name, ask.perSecond), ask.floor) + ask.correction);
    const granted = grantOf(ask, ask.capacity - before + 1e-6);
    kept.set(name, { level: before + granted, at: clock() });
    store.levels.set(name, before + granted);
    return { granted, level: before + granted };
  };
  const store = {
    rounds: 0,
    levels: new Map<string, number>(),
    take: async (asks: readonly BucketRequest[]) => {
      store.rounds += 1;
      return asks.map(takeOne);
    },
    read: async (organizationId: string, buckets: readonly Pick<BucketRequest, "name" | "perSecond">[]) =>
      buckets.map(({ name, perSecond }) => ({ level: levelOf(`${organizationId} ${name}`, perSecond) })),
    close: async () => {},
  };
  return store;
}

function grantOf({ need, least, ahead }: BucketRequest, available: number): number {
  if (available >= need) return need + Math.max(0, Math.min(ahead, Math.floor((available - need) / 8)));
  return available >= least ? Math.floor(available) : 0;
}

type Values = Partial<Pick<RateOverride, "requests_second" | "tokens_minute" | "tokens_month">>;

/** For tests: a decision of staff on these values, for every model of the organization unless said otherwise. */
export const override = (values: Values, more: Partial<RateOverride> = {}): RateOverride => ({
  id: newId("override", now()),
  workspaceId: null,
  model: null,
  requests_second: null,
  tokens_minute: null,
  tokens_month: null,
  source: "staff",
  reference: null,
  reason: "Test",
  createdAt: now(),
  expiresAt: null,
  ...values,
  ...more,
});

/** For tests: a key of an organization of its own, or of another key's. */
export function testKey(rates: RateFacts, like?: AuthenticatedKey): AuthenticatedKey {
  const at = now();
  return {
    id: newId("key", at),
    name: "test",
    organizationId: like?.organizationId ?? newId("organization", at),
    workspaceId: like?.workspaceId ?? newId("workspace", at),
    ownerId: newId("user", at),
    permissions: new Set(["completions.create" as const]),
    models: null,
    addresses: null,
    webOrigins: null,
    endsAt: Number.POSITIVE_INFINITY,
    ended: null,
    status: "active",
    statusReason: null,
    statusClause: null,
    suspension: null,
    contract: { customerType: "business", unpaid: null, startsAt: null, models: {}, endsAt: null, rates, sources: [] },
    isService: false,
    isVerification: false,
    isZeroRetention: false,
    hold: null,
    keptClasses: [],
    mayRequireZeroRetention: false,
    endUsers: "keep",
    isTraced: false,
    isQuiet: false,
    staleAt: Number.POSITIVE_INFINITY,
    freshness: { isOutdated: false },
  };
}
