import { batch, copiesOf, heldOutOf, orderOf } from "./order.ts";

export type CourseOptions = { epochs: number | null; trainingSteps: number | null; seed: number };

/** Samples of a data set: what each counts for, and how often an epoch has it. */
export type Lengths = { tokens: ArrayLike<number>; weightOf: (sample: number) => number; count: number };

const defaultEpochs = 3;

/** Which samples each step sees, and what they count for: what is estimated, held and billed are these numbers. */
export class Course {
  readonly steps: number;
  /** Samples that only measure. */
  readonly heldOut: ReadonlySet<number>;
  /** Samples of an epoch; some are in it more than once. */
  readonly epoch: Uint32Array;
  /** Tokens of an epoch. */
  readonly dataTokens: number;
  /** Samples that all the steps see together. */
  readonly #draws: number;
  readonly #seed: number;
  readonly #tokens: ArrayLike<number>;
  #order: { epoch: number; places: Uint32Array } | undefined;

  constructor({ tokens, weightOf, count }: Lengths, holdsOut: boolean, options: CourseOptions) {
    const { epochs, trainingSteps, seed } = options;
    this.#seed = seed >>> 0;
    this.#tokens = tokens;
    this.heldOut = holdsOut ? heldOutOf(count, this.#seed) : new Set();
    const places: number[] = [];
    for (let sample = 0; sample < count; sample++) {
      if (this.heldOut.has(sample)) continue;
      for (let copy = copiesOf(weightOf(sample), this.#seed, sample); copy > 0; copy--) places.push(sample);
    }
    this.epoch = Uint32Array.from(places);
    this.dataTokens = places.reduce((sum, sample) => sum + (tokens[sample] ?? 0), 0);
    const asked = epochs ?? (trainingSteps === null ? defaultEpochs : Number.POSITIVE_INFINITY);
    const draws = places.length === 0 ? 0 : Math.max(1, Math.ceil(places.length * asked));
    this.#draws = Math.min(draws, (trainingSteps ?? Number.POSITIVE_INFINITY) * batch);
    this.steps = Math.ceil(this.#draws / batch);
  }

  /** How often the data is gone through. */
  get epochs(): number {
    return this.epoch.length === 0 ? 0 : this.#draws / this.epoch.length;
  }

  /** The samples of a step, which counts from 1. */
  samplesOf(step: number): number[] {
    const first = (step - 1) * batch;
    return Array.from({ length: Math.min(batch, this.#draws - first) }, (_, at) => this.#sampleAt(first + at));
  }

  /** Tokens of the steps behind `after` up to `last`. */
  tokensOfSteps(after: number, last: number): number {
    return this.#tokensUntil(last) - this.#tokensUntil(after);
  }

  #tokensUntil(step: number): number {
    const draws = Math.min(step * batch, this.#draws);
    const whole = this.epoch.length === 0 ? 0 : Math.floor(draws / this.epoch.length);
    let tokens = whole * this.dataTokens;
    for (let draw = whole * this.epoch.length; draw < draws; draw++) tokens += this.#tokens[this.#sampleAt(draw)] ?? 0;
    return tokens;
  }

  #sampleAt(draw: number): number {
    const epoch = Math.floor(draw / this.epoch.length);
    if (this.#order?.epoch !== epoch) this.#order = { epoch, places: orderOf(this.epoch.length, this.#seed, epoch) };
    return this.epoch[this.#order.places[draw % this.epoch.length] ?? 0] ?? 0;
  }
}
