import { createScores, type Model, type Scores } from "#lib/engine/tiny/model.ts";
import { placeOf, type Table } from "#lib/engine/tiny/table.ts";
import { likeliest, lossAt } from "#lib/engine/tiny/train.ts";
import type { Course } from "./course.ts";
import type { Sample, SampleStore } from "./store.ts";

export type DescentOptions = {
  /** Height of the step of a weight. */
  rate: number;
  /** Share of the steps in which the rate rises; it then falls along a cosine. */
  warmup: number;
  /** Share of itself that a weight loses a step, times the rate. */
  decay: number;
};

export type Step = { step: number; loss: number; rate: number; tokens: number };

/** The rates of the contract and of this model: its weights move further than those of a neural net. */
const rateScale = 3000;
const decayScale = 0.005;

export const descentOptions = (learningRate: number, weightDecay: number, warmup: number): DescentOptions => ({
  rate: learningRate * rateScale,
  warmup,
  decay: weightDecay * decayScale,
});

/** The rate of a step as the contract counts it. */
export const learningRateOf = (rate: number): number => rate / rateScale;

export function rateAt(step: number, steps: number, { rate, warmup }: DescentOptions): number {
  const rise = Math.max(1, Math.round(steps * warmup));
  if (step <= rise) return (rate * step) / rise;
  return rate * 0.5 * (1 + Math.cos((Math.PI * (step - rise)) / Math.max(1, steps - rise)));
}

/** Trains the model's last table; the tables before it stay as they are. */
export class Descent {
  /** The loss of each sample when it was last seen; zero before. */
  readonly losses: Float32Array;
  /** With the table that is trained. */
  readonly model: Model;
  readonly #table: Table;
  readonly #scores: Scores;
  readonly #samples: SampleStore;
  readonly #course: Course;
  readonly #options: DescentOptions;

  constructor(model: Model, table: Table, samples: SampleStore, course: Course, options: DescentOptions) {
    this.model = { ...model, tables: [...model.tables, table] };
    this.#table = table;
    this.#scores = createScores(model.vocabulary.size);
    this.#samples = samples;
    this.#course = course;
    this.#options = options;
    this.losses = new Float32Array(samples.count);
  }

  /** One step; yields after each sample so that others may work. */
  *step(step: number): Generator<void, Step> {
    const rate = rateAt(step, this.#course.steps, this.#options);
    let loss = 0;
    let tokens = 0;
    for (const [place, at] of this.#course.samplesOf(step).entries()) {
      // Which half of an epoch is masked changes with its order.
      const sample = this.#samples.sample(at, place % 2 === 1);
      const own = this.#learn(sample, rate);
      const length = sample.tokens.length - sample.from;
      this.losses[at] = own / Math.max(1, length);
      loss += own;
      tokens += length;
      yield;
    }
    return { step, loss: loss / Math.max(1, tokens), rate, tokens };
  }

  #learn(sample: Sample, rate: number): number {
    let loss = 0;
    for (let at = sample.from; at < sample.tokens.length; at++) {
      const target = sample.tokens[at] ?? 0;
      loss += lossAt(this.model, sample, at, this.#scores);
      for (let f = 0; f < this.#scores.featureCount; f++) {
        const place = placeOf(this.#table, this.#scores.features[f] ?? 0);
        if (place >= 0) this.#descend(place, target, rate);
      }
    }
    return loss;
  }

  #descend(place: number, target: number, rate: number): void {
    const { starts, ids, weights } = this.#table;
    const { logits } = this.#scores;
    // A weight may lose all of itself, but not become its opposite.
    const lost = Math.min(1, rate * this.#options.decay);
    const end = starts[place + 1] ?? 0;
    for (let cell = starts[place] ?? 0; cell < end; cell++) {
      const id = ids[cell] ?? 0;
      const weight = weights[cell] ?? 0;
      weights[cell] = weight - rate * ((logits[id] ?? 0) - (id === target ? 1 : 0)) - lost * weight;
    }
  }
}

export type Measured = { loss: number; accuracy: number };

/** Mean loss in nats and the share of tokens guessed right; yields after each sample. */
export function* measure(
  model: Model,
  samples: SampleStore,
  which: Iterable<number>,
): Generator<void, Measured | null> {
  const scores = createScores(model.vocabulary.size);
  let loss = 0;
  let right = 0;
  let tokens = 0;
  for (const one of which) {
    const sample = samples.sample(one);
    for (let at = sample.from; at < sample.tokens.length; at++, tokens++) {
      loss += lossAt(model, sample, at, scores);
      if (likeliest(scores) === sample.tokens[at]) right++;
    }
    yield;
  }
  return tokens === 0 ? null : { loss: loss / tokens, accuracy: right / tokens };
}
