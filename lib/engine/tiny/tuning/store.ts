import type { Reading } from "#lib/engine/tiny/model.ts";
import { Grown } from "./grown.ts";
import type { LessonReading } from "./reading.ts";

/** An answer to learn, without its mark at the beginning: everything in it is predicted. */
export type Sample = Reading & { from: number };

/** The samples of a data set in few large arrays, because there may be millions. */
export class SampleStore {
  readonly #tokens = new Grown((length) => new Uint16Array(length));
  /** Of each sample twice: as asked, and with the words that can be copied unknown. */
  readonly #cues = new Grown((length) => new Uint32Array(length));
  readonly #ends = new Grown((length) => new Uint32Array(length));
  readonly #cueEnds = new Grown((length) => new Uint32Array(length));
  readonly #places = new Grown((length) => new Uint32Array(length));

  get count(): number {
    return this.#ends.length;
  }

  /** `tokens` begin with the mark of an answer; `set` and `line` say where it stands. */
  add({ cues, masked, tokens }: LessonReading, set: number, line: number): void {
    for (let at = 0; at < tokens.length; at++) this.#tokens.push(tokens[at] ?? 0);
    for (const some of [cues, masked ?? []]) {
      for (const cue of some) this.#cues.push(cue);
      this.#cueEnds.push(this.#cues.length);
    }
    this.#ends.push(this.#tokens.length);
    this.#places.push(set);
    this.#places.push(line);
  }

  /** Whether it has words that can be copied. */
  hasMasked(at: number): boolean {
    return startOf(this.#cueEnds, at * 2 + 1) < (this.#cueEnds.view()[at * 2 + 1] ?? 0);
  }

  sample(at: number, isMasked = false): Sample {
    const cues = at * 2 + (isMasked && this.hasMasked(at) ? 1 : 0);
    return {
      tokens: this.#tokens.view(startOf(this.#ends, at), this.#ends.view()[at]),
      cues: this.#cues.view(startOf(this.#cueEnds, cues), this.#cueEnds.view()[cues]),
      from: 1,
    };
  }

  placeOf(at: number): { set: number; line: number } {
    const [set = 0, line = 0] = this.#places.view(at * 2, at * 2 + 2);
    return { set, line };
  }
}

const startOf = (ends: Grown<Uint32Array>, at: number): number => (at === 0 ? 0 : (ends.view()[at - 1] ?? 0));
