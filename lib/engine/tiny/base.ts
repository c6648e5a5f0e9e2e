import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import type { Model } from "./model.ts";
import { baseCorpus, type Corpus, lexiconOf, samplesOf, vocabularyOf } from "./samples.ts";
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

const weightsFile = (cacheDir: string, version: string) => path.join(cacheDir, `tiny-chat-1-${version}.weights`);
const corpusFile = (cacheDir: string, version: string) => path.join(cacheDir, `tiny-chat-1-${version}.corpus.json`);

/** The base model from the cache, or trained now and cached: the same text and code always yield the same weights. */
export async function loadBase(cacheDir: string, corpus = baseCorpus()): Promise<Base> {
  const { model, samples } = untrained(corpus);
  const version = versionOf(samples);
  const cached = await readWeights(weightsFile(cacheDir, version));
  const table = cached ? tableOf(cached) : trainBase(model, samples, training);
  // Without a writable cache the model works all the same; the next start trains again.
  if (!cached) await writeWeights(weightsFile(cacheDir, version), table).catch(() => undefined);
  await keepCorpus(cacheDir, version, corpus).catch(() => undefined);
  return { ...model, version, tables: [table] };
}

/** What its words come from is kept beside its weights, for models that are tuned from it and outlive it here. */
async function keepCorpus(cacheDir: string, version: string, corpus: Corpus): Promise<void> {
  const file = corpusFile(cacheDir, version);
  if (await fs.stat(file).catch(() => null)) return;
  const draft = `${file}.${randomUUID()}`;
  await fs.writeFile(draft, JSON.stringify(corpus));
  await fs.rename(draft, file);
}

/** Each takes some megabytes, so it is the last ones. */
const earlierMost = 3;

/** Bases of before that this folder still has whole: what was tuned from them answers as it did. */
export async function earlierBases(cacheDir: string, current: string): Promise<Base[]> {
  const names = await fs.readdir(cacheDir).catch(() => []);
  const versions = names.flatMap((name) => /^tiny-chat-1-([0-9a-f]{16})\.corpus\.json$/.exec(name)?.[1] ?? []);
  const dated = versions
    .filter((version) => version !== current)
    .map(async (version) => ({ version, at: (await fs.stat(corpusFile(cacheDir, version))).mtimeMs }));
  const last = (await Promise.all(dated)).toSorted((a, b) => b.at - a.at).slice(0, earlierMost);
  const found = await Promise.all(last.map(({ version }) => earlierBase(cacheDir, version)));
  return found.filter((base) => base !== undefined);
}

/** Nothing where a file is not whole, or the code makes something else of the text by now. */
async function earlierBase(cacheDir: string, version: string): Promise<Base | undefined> {
  try {
    const corpus: Corpus = JSON.parse(await fs.readFile(corpusFile(cacheDir, version), "utf8"));
    const { model, samples } = untrained(corpus);
    const cached = versionOf(samples) === version ? await readWeights(weightsFile(cacheDir, version)) : undefined;
    return cached && { ...model, version, tables: [tableOf(cached)] };
  } catch {
    return undefined;
  }
}

export function trainBase(model: Model, samples: readonly Sample[], options: TrainOptions): Table {
  const table = tableFor(samples);
  for (const _ of train({ ...model, tables: [table] }, samples, options));
  return table;
}

/** The vocabulary alone, for counting tokens where the model is not. */
export const baseVocabulary = (): Vocabulary => vocabularyOf(baseCorpus());

/** The base before its training: what it learns from, and how common words are. */
export function untrained(corpus = baseCorpus()): { model: Model; samples: Sample[]; heldOut: Sample[] } {
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
