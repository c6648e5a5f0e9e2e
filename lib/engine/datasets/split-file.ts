import { createHash } from "node:crypto";
import { checkLine } from "./line.ts";
import { LineSet } from "./line-set.ts";
import { isError } from "./rules.ts";
import { LineTransform } from "./transform.ts";

/** What a validation file may have, whatever the share. */
const validationBytesMost = 1024 * 1024;

export type SplitSide = "training" | "validation";
export type SplitOptions = { bytes: number; share: number; seed: number };

/**
 * Splits a data set by a hash of each line and a seed: the same each time, and no line is on both sides. It passes once for
 * each side. What is wrong is never held out.
 */
export class DataSetSplitter {
  lines = 0;
  readonly #options: SplitOptions;
  readonly #side: SplitSide;
  readonly #heldOut = new LineSet();
  readonly #transform = new LineTransform((text) => (this.#isHere(text) ? "as it is" : null));
  #heldOutBytes = 0;

  constructor(side: SplitSide, options: SplitOptions) {
    this.#side = side;
    this.#options = options;
  }

  get tooLongAt(): number | null {
    return this.#transform.tooLongAt;
  }

  see(piece: Uint8Array): Buffer {
    return this.#transform.see(piece);
  }

  finish(): Buffer {
    return this.#transform.finish();
  }

  #isHere(text: string | null): boolean {
    const isHere = this.#sideOf(text) === this.#side;
    if (isHere && text?.trim() !== "") this.lines += 1;
    return isHere;
  }

  /** Repeats of a line that is held out are on neither side. */
  #sideOf(text: string | null): SplitSide | null {
    if (text === null || text.trim() === "") return "training";
    if (this.#heldOut.has(text)) return null;
    const { bytes, share, seed } = this.#options;
    // With what may end a line.
    const size = Buffer.byteLength(text) + 2;
    const most = Math.min(validationBytesMost, Math.floor(bytes * share));
    if (hashOf(text, seed) >= share || this.#heldOutBytes + size > most || this.#heldOut.isFull) return "training";
    if (checkLine(text, 1).problems.some(isError)) return "training";
    this.#heldOutBytes += size;
    this.#heldOut.add(text, 1);
    return "validation";
  }
}

/** A number from 0 up to 1. */
const hashOf = (text: string, seed: number): number =>
  createHash("sha256").update(`${seed}\n${text}`).digest().readUInt32LE(0) / 2 ** 32;
