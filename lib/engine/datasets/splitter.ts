import { lineBytesMost } from "./rules.ts";

const newline = 10;
const nothing = Buffer.alloc(0);

export type LineListener = {
  line(bytes: Buffer, number: number): void;
  /** A line that is longer than any may be; its bytes are not kept. */
  tooLong(number: number): void;
};

/** Cuts a content into its lines wherever its pieces end, with never more than one line in memory. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;
  #ended = 0;
  /** The line is too long and its rest is passed over. */
  #isSkipping = false;

  /** How many lines have ended. */
  get ended(): number {
    return this.#ended;
  }

  see(piece: Uint8Array, listener: LineListener): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const found = bytes.indexOf(newline, at);
      this.#keep(bytes.subarray(at, found < 0 ? bytes.length : found), listener);
      if (found < 0) return;
      this.#end(listener);
      at = found + 1;
    }
  }

  /** What nothing ended is a line too. */
  finish(listener: LineListener): void {
    if (this.#length > 0 || this.#isSkipping) this.#end(listener);
  }

  /** What waits for its end, and how far it is. */
  save(): { carry: Buffer; ended: number; isSkipping: boolean } {
    return { carry: Buffer.concat(this.#parts), ended: this.#ended, isSkipping: this.#isSkipping };
  }

  static restore({ carry, ended, isSkipping }: ReturnType<LineSplitter["save"]>): LineSplitter {
    const splitter = new LineSplitter();
    splitter.#parts = carry.length > 0 ? [Buffer.from(carry)] : [];
    splitter.#length = carry.length;
    splitter.#ended = ended;
    splitter.#isSkipping = isSkipping;
    return splitter;
  }

  #keep(part: Buffer, listener: LineListener): void {
    if (part.length === 0 || this.#isSkipping) return;
    this.#length += part.length;
    if (this.#length <= lineBytesMost) {
      // The piece is its owner's again afterwards, so what stays here is a copy.
      this.#parts.push(Buffer.from(part));
      return;
    }
    this.#parts = [];
    this.#length = 0;
    this.#isSkipping = true;
    listener.tooLong(this.#ended + 1);
  }

  #end(listener: LineListener): void {
    this.#ended += 1;
    const [only, ...others] = this.#parts;
    const line = others.length === 0 ? (only ?? nothing) : Buffer.concat(this.#parts);
    const isLine = !this.#isSkipping;
    this.#parts = [];
    this.#length = 0;
    this.#isSkipping = false;
    if (isLine) listener.line(line, this.#ended);
  }
}
