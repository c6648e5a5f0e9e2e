import { micros, type Price } from "#lib/core/money.ts";
import { priceFor } from "#lib/domain/contract/values/rules.ts";
import type { Model } from "#lib/domain/models/view.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";

// A key is read again when an order begins or ends, and a model when a list price does.
const known = new WeakMap<AuthenticatedKey, WeakMap<Model, Price | null>>();

const free: Price = { inputMicros: micros(0n), cachedInputMicros: micros(0n), outputMicros: micros(0n) };

/** A tuned model's answers cost what its base's do. */
const listed = (key: AuthenticatedKey, { tuned, ...model }: Model, at: number): Price | null =>
  priceFor(key.contract, tuned?.base ?? model, at);

/** What a model costs a key's organization at an instant; null: it has no price. */
export function priceOf(key: AuthenticatedKey, model: Model, at: number): Price | null {
  if (key.isVerification) return free;
  if (at >= key.staleAt) return listed(key, model, at);
  const found = known.get(key)?.get(model);
  if (found !== undefined) return found;
  const price = listed(key, model, at);
  const ofKey = known.get(key) ?? new WeakMap<Model, Price | null>();
  known.set(key, ofKey.set(model, price));
  return price;
}
