import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import { type Place, Pool } from "./pool.ts";

/** The pools of this process, one for each scope and month. */
export type Pools = {
  /** Those of a key's requests at an instant: key, workspace, organization. */
  of: (key: AuthenticatedKey, at: Date) => readonly Pool[];
  at: (place: Place) => Pool;
  all: () => Iterable<Pool>;
  /** Takes a pool out; the person who asks for its scope gets a new one. */
  drop: (pool: Pool) => void;
};

export function openPools(): Pools {
  const pools = new Map<string, Pool>();
  // Found once for a key, because every request asks.
  const known = new WeakMap<AuthenticatedKey, { until: number; pools: readonly Pool[] }>();

  const at = (place: Place): Pool => {
    const name = nameOf(place);
    const pool = pools.get(name) ?? new Pool(place);
    pools.set(name, pool);
    return pool;
  };
  return {
    of: (key, instant) => {
      const found = known.get(key);
      if (found && instant.getTime() < found.until && !found.pools.some(({ isGone }) => isGone)) return found.pools;
      const month = monthOf(instant);
      const { organizationId } = key;
      const trio = [
        at({ organizationId, scope: "key", scopeId: key.id, month }),
        at({ organizationId, scope: "workspace", scopeId: key.workspaceId, month }),
        at({ organizationId, scope: "organization", scopeId: organizationId, month }),
      ];
      known.set(key, { until: endOfMonth(month).getTime(), pools: trio });
      return trio;
    },
    at,
    all: () => pools.values(),
    drop: (pool) => {
      pool.isGone = true;
      pools.delete(nameOf(pool.place));
    },
  };
}

const nameOf = ({ scopeId, month }: Place): string => scopeId + month;
