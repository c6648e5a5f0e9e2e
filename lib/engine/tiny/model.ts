import type { Lexicon } from "./cues.ts";
import { finish, mix } from "./hash.ts";
import { placeOf, type Table } from "./table.ts";
import type { Vocabulary } from "./tokenizer.ts";

/**
 * A log-linear model: p(token) is proportional to exp(prior + the weights of the active features). Tables add up,
 * so a table trained on top of a frozen one is an adapter.
 */
export type Model = {
  vocabulary: Vocabulary;
  lexicon: Lexicon;
  /** Log probability of each token on its own; the probabilities add up to one. */
  prior: Float32Array;
  tables: Table[];
  /** Set for a tuned model: the base's lexicon. What is in it is not repeated by place, see copies.ts. */
  copyBeyond?: Lexicon;
};

/** What an answer is conditioned on: cues of the prompt, and the tokens so far, of which the first names the kind. */
export type Context = {
  cues: readonly number[];
  tokens: number[];
  /** Texts of the ids behind the vocabulary: words of the question that an answer may repeat. */
  copies?: readonly string[];
};

/** As much of a context as features are made of. */
export type Reading = { cues: ArrayLike<number>; tokens: ArrayLike<number> };

const mostFeatures = 64;
const positions = 8;

/** Scores of one step. Only `touched` ids have entries worth reading; the others keep their prior. */
export type Scores = {
  features: Uint32Array;
  featureCount: number;
  touched: Uint16Array;
  touchedCount: number;
  logits: Float32Array;
  stamps: Uint32Array;
  stamp: number;
};

export const createScores = (size: number): Scores => ({
  features: new Uint32Array(mostFeatures),
  featureCount: 0,
  touched: new Uint16Array(size),
  touchedCount: 0,
  logits: new Float32Array(size),
  stamps: new Uint32Array(size),
  stamp: 0,
});

/** The features active for the token at `at`: the last one to four tokens, each cue with them, the position. */
export function featuresAt({ cues, tokens }: Reading, at: number, out: Uint32Array): number {
  let count = 0;
  let gram = 0x9e37;
  for (let back = 1; back <= 4 && back <= at; back++) {
    gram = mix(gram, tokens[at - back] ?? 0);
    out[count++] = finish(mix(gram, back));
  }
  if (at <= positions) out[count++] = finish(mix(mix(0x90517, at), tokens[0] ?? 0));
  const last = mix(0x1a57, tokens[at - 1] ?? 0);
  const lastTwo = mix(last, tokens[at - 2] ?? 0);
  for (let c = 0; c < cues.length && count + 2 <= mostFeatures; c++) {
    out[count++] = finish(mix(last, cues[c] ?? 0));
    out[count++] = finish(mix(lastTwo, cues[c] ?? 0));
  }
  return count;
}

/** Scores the token at `at` into `scores`. */
export function score(model: Model, context: Reading, at: number, scores: Scores): void {
  scores.featureCount = featuresAt(context, at, scores.features);
  scores.touchedCount = 0;
  scores.stamp++;
  for (const table of model.tables) {
    for (let f = 0; f < scores.featureCount; f++) {
      const place = placeOf(table, scores.features[f] ?? 0);
      if (place >= 0) addWeights(table, place, model.prior, scores);
    }
  }
}

function addWeights({ starts, ids, weights }: Table, place: number, prior: Float32Array, scores: Scores): void {
  const { logits, stamps, stamp, touched } = scores;
  const end = starts[place + 1] ?? 0;
  for (let cell = starts[place] ?? 0; cell < end; cell++) {
    const id = ids[cell] ?? 0;
    if (stamps[id] !== stamp) {
      stamps[id] = stamp;
      touched[scores.touchedCount++] = id;
      logits[id] = prior[id] ?? 0;
    }
    logits[id] = (logits[id] ?? 0) + (weights[cell] ?? 0);
  }
}

/** Above it the highest logit is taken out of all, long before a 32-bit number ends. Below it nothing is rounded anew. */
const highestLogit = 60;

/** Turns the touched logits into probabilities in place and returns the log of the normaliser. */
export function normalise({ prior }: Model, { touched, touchedCount, logits }: Scores): number {
  let shift = 0;
  for (let t = 0; t < touchedCount; t++) shift = Math.max(shift, (logits[touched[t] ?? 0] ?? 0) - highestLogit);
  const rest = Math.exp(-shift);
  let total = rest;
  let least = 0;
  for (let t = 0; t < touchedCount; t++) {
    const id = touched[t] ?? 0;
    const weight = Math.exp((logits[id] ?? 0) - shift);
    total += weight - Math.exp(prior[id] ?? 0) * rest;
    least += weight;
    logits[id] = weight;
  }
  // Rounding must not make the untouched tokens less likely than impossible.
  total = Math.max(total, least, Number.MIN_VALUE);
  for (let t = 0; t < touchedCount; t++) {
    const id = touched[t] ?? 0;
    logits[id] = (logits[id] ?? 0) / total;
  }
  return shift + Math.log(total);
}
