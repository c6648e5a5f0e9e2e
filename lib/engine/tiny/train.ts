import {
  type Context,
  createScores,
  featuresAt,
  type Model,
  normalise,
  type Reading,
  type Scores,
  score,
} from "./model.ts";
import { type Random, seeded, shuffled } from "./random.ts";
import { emptyTable, placeOf, type Table } from "./table.ts";

/** A text to learn: everything from `from` on is predicted, what stands before is given. */
export type Sample = Context & { from: number };

export type TrainOptions = {
  steps: number;
  /** Samples a step sees. */
  batch: number;
  learningRate: number;
  /** Share of the steps in which the learning rate rises to its height; it then falls along a cosine. */
  warmup: number;
  weightDecay: number;
  seed: number;
};

export type Step = { step: number; loss: number };

/** A table with a zero cell for every feature and token the samples pair. */
export function tableFor(samples: readonly Sample[]): Table {
  const features = new Uint32Array(64);
  const cells: number[] = [];
  for (const sample of samples) {
    for (let at = sample.from; at < sample.tokens.length; at++) {
      const count = featuresAt(sample, at, features);
      for (let f = 0; f < count; f++) cells.push((features[f] ?? 0) * 65536 + (sample.tokens[at] ?? 0));
    }
  }
  return emptyTable(Float64Array.from(cells));
}

/** Trains the last table of the model by stochastic gradient descent; tables before it stay as they are. */
export function* train(model: Model, samples: readonly Sample[], options: TrainOptions): Generator<Step> {
  const trained = model.tables.at(-1);
  if (!trained || samples.length === 0) return;
  const scores = createScores(model.vocabulary.size);
  const upcoming = inRandomOrder(samples, seeded(options.seed));
  for (let step = 1; step <= options.steps; step++) {
    const rate = rateAt(step, options);
    let loss = 0;
    let tokens = 0;
    for (let b = 0; b < options.batch; b++) {
      const sample = upcoming.next().value;
      for (let at = sample.from; at < sample.tokens.length; at++) {
        loss += lossAt(model, sample, at, scores);
        descend(trained, scores, sample.tokens[at] ?? 0, rate, options.weightDecay);
        tokens++;
      }
    }
    yield { step, loss: loss / Math.max(1, tokens) };
  }
}

function* inRandomOrder(samples: readonly Sample[], random: Random): Generator<Sample, never> {
  for (;;) yield* shuffled(samples, random);
}

function rateAt(step: number, { steps, warmup, learningRate }: TrainOptions): number {
  const rise = Math.max(1, Math.round(steps * warmup));
  if (step <= rise) return (learningRate * step) / rise;
  return learningRate * 0.5 * (1 + Math.cos((Math.PI * (step - rise)) / Math.max(1, steps - rise)));
}

/** Loss in nats of the token at `at`; leaves probabilities in `scores`. */
export function lossAt(model: Model, sample: Reading, at: number, scores: Scores): number {
  score(model, sample, at, scores);
  const logTotal = normalise(model, scores);
  const target = sample.tokens[at] ?? 0;
  if (scores.stamps[target] === scores.stamp) return -Math.log(Math.max(1e-30, scores.logits[target] ?? 0));
  return logTotal - (model.prior[target] ?? 0);
}

function descend(table: Table, scores: Scores, target: number, rate: number, weightDecay: number): void {
  for (let f = 0; f < scores.featureCount; f++) {
    const place = placeOf(table, scores.features[f] ?? 0);
    if (place >= 0) descendFeature(table, place, scores.logits, target, rate, weightDecay);
  }
}

function descendFeature(
  { starts, ids, weights }: Table,
  place: number,
  probabilities: Float32Array,
  target: number,
  rate: number,
  weightDecay: number,
): void {
  const end = starts[place + 1] ?? 0;
  for (let cell = starts[place] ?? 0; cell < end; cell++) {
    const id = ids[cell] ?? 0;
    const error = (probabilities[id] ?? 0) - (id === target ? 1 : 0);
    const weight = weights[cell] ?? 0;
    weights[cell] = weight - rate * (error + weightDecay * weight);
  }
}

/** Mean loss in nats and the share of tokens guessed right. */
export function evaluate(model: Model, samples: readonly Sample[]): { loss: number; accuracy: number } {
  const scores = createScores(model.vocabulary.size);
  let loss = 0;
  let right = 0;
  let tokens = 0;
  for (const sample of samples) {
    for (let at = sample.from; at < sample.tokens.length; at++) {
      loss += lossAt(model, sample, at, scores);
      if (likeliest(scores) === sample.tokens[at]) right++;
      tokens++;
    }
  }
  return { loss: loss / Math.max(1, tokens), accuracy: right / Math.max(1, tokens) };
}

/** The touched token with the highest score, or -1. */
export function likeliest({ touched, touchedCount, logits }: Scores): number {
  let best = -1;
  for (let t = 0; t < touchedCount; t++) {
    const id = touched[t] ?? 0;
    if (best < 0 || (logits[id] ?? 0) > (logits[best] ?? 0)) best = id;
  }
  return best;
}
