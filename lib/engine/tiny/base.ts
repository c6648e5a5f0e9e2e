import { createHash } from "node:crypto";
import path from "node:path";
import type { Model } from "./model.ts";
import { baseCorpus, type Corpus, lexiconOf, samplesOf, vocabularyOf } from "./samples.ts";
import { tableOf } from "./table.ts";
import type { Vocabulary } from "./tokenizer.ts";
import { type Sample, type TrainOptions, tableFor, train } from "./train.ts";
import { readWeights, writeWeights } from "./weights-file.ts";

/** Raise it when the code changes what training yields; weights of other versions are not read. */
const codeVersion = 1;

const training: TrainOptions = {
  steps: 500,
  batch: 32,
  learningRate: 0.25,
  warmup: 0.05,
  weightDecay: 0.0005,
  seed: 20260801,
};

/** The base model from the cache, or trained now and cached: the same text and code always yield the same weights. */
export async function loadBase(cacheDir: string): Promise<Model> {
  const corpus = baseCorpus();
  const file = path.join(cacheDir, `tiny-chat-1-${versionOf(corpus)}.weights`);
  const cached = await readWeights(file);
  if (cached) return { ...untrained(corpus).model, tables: [tableOf(cached)] };
  const model = trainBase();
  // Without a writable cache the model works all the same; the next start trains again.
  for (const table of model.tables) await writeWeights(file, table).catch(() => undefined);
  return model;
}

export function trainBase(options: Partial<TrainOptions> = {}): Model {
  const { model, samples } = untrained(baseCorpus());
  const trained = { ...model, tables: [tableFor(samples)] };
  for (const _ of train(trained, samples, { ...training, ...options }));
  return trained;
}

/** The vocabulary alone, for counting tokens where the model is not. */
export const baseVocabulary = (): Vocabulary => vocabularyOf(baseCorpus());

function untrained(corpus: Corpus): { model: Model; samples: Sample[] } {
  const vocabulary = vocabularyOf(corpus);
  const lexicon = lexiconOf(corpus);
  const { train: samples } = samplesOf(corpus, vocabulary, lexicon);
  return { model: { vocabulary, lexicon, prior: priorOf(samples, vocabulary.size), tables: [] }, samples };
}

function priorOf(samples: readonly Sample[], size: number): Float32Array {
  const counts = new Float64Array(size).fill(0.01);
  for (const { tokens, from } of samples) {
    for (const token of tokens.slice(from)) counts[token] = (counts[token] ?? 0) + 1;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => Math.log(count / total));
}

const versionOf = (corpus: Corpus): string =>
  createHash("sha256")
    .update(JSON.stringify([codeVersion, training, corpus]))
    .digest("hex")
    .slice(0, 16);
