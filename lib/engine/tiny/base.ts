import { createHash } from "node:crypto";
import path from "node:path";
import type { Model } from "./model.ts";
import { baseCorpus, lexiconOf, samplesOf, vocabularyOf } from "./samples.ts";
import { type Table, tableOf } from "./table.ts";
import type { Vocabulary } from "./tokenizer.ts";
import { type Sample, type TrainOptions, tableFor, train } from "./train.ts";
import { readWeights, writeWeights } from "./weights-file.ts";

/** Raise it when the code of training or of the features changes; weights of other versions are not read. */
const codeVersion = 1;

export const training: TrainOptions = {
  steps: 500,
  batch: 32,
  learningRate: 0.25,
  warmup: 0.05,
  weightDecay: 0.0005,
  seed: 20260801,
};

/** The base, and what its weights are a function of: a tuned model stands on one version alone. */
export type Base = Model & { version: string };

/** The base model from the cache, or trained now and cached: the same text and code always yield the same weights. */
export async function loadBase(cacheDir: string): Promise<Base> {
  const { model, samples } = untrained();
  const version = versionOf(samples);
  const file = path.join(cacheDir, `tiny-chat-1-${version}.weights`);
  const cached = await readWeights(file);
  if (cached) return { ...model, version, tables: [tableOf(cached)] };
  const table = trainBase(model, samples, training);
  // Without a writable cache the model works all the same; the next start trains again.
  await writeWeights(file, table).catch(() => undefined);
  return { ...model, version, tables: [table] };
}

export function trainBase(model: Model, samples: readonly Sample[], options: TrainOptions): Table {
  const table = tableFor(samples);
  for (const _ of train({ ...model, tables: [table] }, samples, options));
  return table;
}

/** The vocabulary alone, for counting tokens where the model is not. */
export const baseVocabulary = (): Vocabulary => vocabularyOf(baseCorpus());

/** The base before its training: what it learns from, and how common words are. */
export function untrained(): { model: Model; samples: Sample[]; heldOut: Sample[] } {
  const corpus = baseCorpus();
  const vocabulary = vocabularyOf(corpus);
  const lexicon = lexiconOf(corpus);
  const { train: samples, heldOut } = samplesOf(corpus, vocabulary, lexicon);
  return { model: { vocabulary, lexicon, prior: priorOf(samples, vocabulary.size), tables: [] }, samples, heldOut };
}

function priorOf(samples: readonly Sample[], size: number): Float32Array {
  const counts = new Float64Array(size).fill(0.01);
  for (const { tokens, from } of samples) {
    for (const token of tokens.slice(from)) counts[token] = (counts[token] ?? 0) + 1;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => Math.log(count / total));
}

function versionOf(samples: readonly Sample[]): string {
  const hash = createHash("sha256").update(JSON.stringify([codeVersion, training]));
  for (const { cues, tokens, from } of samples) hash.update(Uint32Array.of(from, ...cues, ...tokens));
  return hash.digest("hex").slice(0, 16);
}
