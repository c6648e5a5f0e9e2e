import { permissionsOf, scopePermissions } from "#lib/core/access/roles.ts";
import { env } from "#lib/core/env.ts";
import { freeOfCharge } from "#lib/core/money.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { openEngines, servedModels } from "#lib/engine/engines.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import { Calls } from "#lib/gateway/http/calls.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { openFront } from "#server/front.ts";
import type { Ready } from "./parts.ts";

/** The same front, endpoints and engine without anything that governs: no key is checked, no limit asked, nothing counted. */
export async function openPassThrough(): Promise<Ready> {
  const engines = openEngines(env());
  const [served] = servedModels(env());
  if (!served) throw new Error("The bench serves one model.");
  const model = {
    ...served.model,
    name: served.model.id,
    upstream: served.upstream,
    upstreamModel: served.model.id,
    aliases: [],
    moves: [],
    change: null,
    available: true,
    price: freeOfCharge,
  } as unknown as Model;
  const key = {
    permissions: permissionsOf(scopePermissions, ["completions:create"]),
    models: null,
    webOrigins: null,
    freshness: { isOutdated: false },
    contract: {
      ...{ customerType: "business", unpaid: null, endsAt: null, startsAt: null, models: {}, sources: [] },
      rates: { plan: "paid", spentPico: 0n, overrides: [] },
    },
  } as unknown as AuthenticatedKey;
  const hold = { pools: [], lessee: "lse_none" as const, amount: 10n ** 18n, limit: undefined };
  const admitted = { headers: {}, requestsLeft: 0, tokensLeft: 0, buckets: [], tokens: 0 };
  const nothing = () => undefined;
  const plane: DataPlane = {
    engines,
    authenticator: {
      authenticate: () => key,
      byId: async () => key,
      model: () => model,
      models: async () => [model],
      isQuietNow: () => false,
    },
    calls: new Calls(),
    origins: {
      isEmpty: () => true,
      isOpenToEveryKey: () => false,
      isListed: () => false,
      close: async () => undefined,
    },
    rateLimiter: { admit: () => admitted, correct: nothing, close: async () => undefined },
    reservations: {
      reserve: () => hold,
      limit: nothing,
      lessee: () => hold.lessee,
      introduced: async () => hold.lessee,
      settledUntil: nothing,
      end: nothing,
      doubt: nothing,
      held: () => 0n,
      close: async () => undefined,
    },
    meter: {
      commit: async () => undefined,
      note: nothing,
      keep: nothing,
      waiting: () => 0,
      unlogged: () => 0,
      settled: async () => undefined,
      close: async () => undefined,
    },
    close: async () => undefined,
  };
  const { port } = await openFront({ env: env(), plane, consolePort: undefined });
  return { port };
}
