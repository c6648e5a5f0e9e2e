import type { Base } from "#lib/engine/tiny/base.ts";
import { copyIds } from "#lib/engine/tiny/copies.ts";
import { lexiconOver } from "#lib/engine/tiny/cues.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import type { Table } from "#lib/engine/tiny/table.ts";
import { ownSize } from "#lib/engine/tiny/tokenizer.ts";

/** Log probability of repeating a word before anything was learned about it. */
const copyPrior = -14;

/** The base with words of its own and a table on top; without a table it is what is trained. */
export function tunedModel(base: Base, words: ReadonlyMap<number, number>, table?: Table): Model {
  const size = ownSize(base.vocabulary) + copyIds;
  return {
    vocabulary: { ...base.vocabulary, size },
    lexicon: lexiconOver(base.lexicon, words),
    prior: Float32Array.from({ length: size }, (_, id) => base.prior[id] ?? copyPrior),
    tables: table ? [...base.tables, table] : base.tables,
    copyBeyond: base.lexicon,
  };
}
