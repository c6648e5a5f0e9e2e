import { finish, hashText, mix } from "./hash.ts";

/** How often each word (by hash) occurs in the questions the model learned from. */
export type Lexicon = Pick<ReadonlyMap<number, number>, "has" | "get">;

/** A lexicon with more words on top; the one below stays as it is. */
export const lexiconOver = (base: Lexicon, own: ReadonlyMap<number, number>): Lexicon => ({
  has: (word) => own.has(word) || base.has(word),
  get: (word) => (own.has(word) || base.has(word) ? (own.get(word) ?? 0) + (base.get(word) ?? 0) : undefined),
});

/** Words about the form of an answer say nothing about its content. */
const fillers = new Set(
  "please answer reply respond json short shortly briefly sentence sentences word words just now".split(" "),
);
const words = /\p{L}+|\p{N}+/gu;
const mostCues = 16;
/** Stands for a word the model has never met; the corpus spells it `xx`. */
const unknownWord = hashText("xx");

/** The words of a text as hashes, in order; case and a plural s do not matter. */
export function wordsOf(text: string): number[] {
  return [...text.replace(/['’]s?\b/g, " ").matchAll(words)].map(([word]) => {
    const lower = word.toLowerCase();
    return hashText(lower, 0, lower.length > 3 && lower.endsWith("s") ? lower.length - 1 : lower.length);
  });
}

/**
 * What a prompt offers the model to hold on to: its rarest words and pairs of neighbours. A bag of them is all
 * this model sees of a prompt, so a long prompt is reduced to what tells it apart from others.
 */
export function cuesOf(text: string, lexicon: Lexicon): number[] {
  const content = text.slice(-4000).replace(words, (word) => (fillers.has(word.toLowerCase()) ? " " : word));
  return rarest(
    wordsOf(content).map((word) => (lexicon.has(word) ? word : unknownWord)),
    lexicon,
  );
}

/** Cues of a text whose unknown words do not matter, such as the name of a JSON member. */
export const knownCuesOf = (text: string, lexicon: Lexicon): number[] =>
  rarest(
    wordsOf(text).filter((word) => lexicon.has(word)),
    lexicon,
  );

function rarest(known: readonly number[], lexicon: Lexicon): number[] {
  const rarity = new Map<number, number>();
  known.forEach((word, at) => {
    const times = word === unknownWord ? 1 : (lexicon.get(word) ?? 1);
    rarity.set(word, times);
    const next = known[at + 1];
    if (next !== undefined) rarity.set(finish(mix(word, next)), times + (lexicon.get(next) ?? 1));
  });
  return [...rarity]
    .sort(([, a], [, b]) => a - b)
    .slice(0, mostCues)
    .map(([cue]) => cue);
}

/** Cues for the gap in a code sample: what follows the gap, and the words that lead to it. */
export function gapCuesOf(prefix: string, suffixTokens: readonly number[]): number[] {
  const after = suffixTokens.slice(0, 3).map((token, at) => finish(mix(mix(0x51f15e, at), token)));
  const before = wordsOf(prefix.slice(-160)).slice(-8);
  return [...after, ...new Set(before.map((word) => finish(mix(0xc0de, word))))];
}
