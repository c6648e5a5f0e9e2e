import type { ClauseId } from "#lib/core/clauses/register.ts";
import { type ContractKey, describe, valueWords } from "#lib/domain/contract/keys/rules.ts";
import type { Model, ModelEnding } from "#lib/domain/models/view.ts";
import { type ContractFacts, effective, type ValueSource } from "./rules.ts";

/** A model with what it costs this organization; the list price is what it costs others. */
export type ContractModel = Model & { listPrice: Model["price"]; ending: ModelEnding | null };

/** A model with the contract that says whether a customer can have it. */
export type NamedModel = { model: Model; contract: ContractFacts };

/** A value in words, where it is from, and what it goes before. */
export type ValueRow = {
  key: ContractKey;
  words: string;
  value: string;
  source: ValueSource;
  clause: ClauseId;
  until: Date | null;
  overruled: { value: string; title: string }[];
};

export function rowsOf(facts: ContractFacts, keys: readonly ContractKey[], at: Date): ValueRow[] {
  return keys.flatMap((key) => {
    const found = effective(facts, key, at);
    if (!found) return [];
    // Who says the same is not overruled in anything a reader could see.
    const overruled = found.overruled
      .map(({ value, source }) => ({ value: valueWords(key, value), title: source.title }))
      .filter(({ value }) => value !== valueWords(key, found.value));
    const { source, clause, until } = found;
    return {
      key,
      words: describe(key)?.words ?? key,
      value: valueWords(key, found.value),
      source,
      clause,
      until,
      overruled,
    };
  });
}
