import { isUtf8 } from "node:buffer";
import { type LineListener, LineSplitter } from "./splitter.ts";

/** What becomes of a line: its text without the sign that ends it, or null where it is left out. Null text: it is none. */
export type LineChange = (text: string | null, number: number) => string | null | "as it is";

const newline = Buffer.from("\n");
const mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Changes a content line by line as it passes. Lines that stay keep their bytes, and how they end. */
export class LineTransform implements LineListener {
  /** The first line that is longer than any may be; nothing is changed of such a content. */
  tooLongAt: number | null = null;
  readonly #change: LineChange;
  readonly #splitter = new LineSplitter();
  #made: Buffer[] = [];
  #isEnded = true;

  constructor(change: LineChange) {
    this.#change = change;
  }

  see(piece: Uint8Array): Buffer {
    this.#splitter.see(piece, this);
    return this.#take();
  }

  finish(): Buffer {
    this.#isEnded = false;
    this.#splitter.finish(this);
    return this.#take();
  }

  tooLong(number: number): void {
    this.tooLongAt ??= number;
  }

  line(sent: Buffer, number: number): void {
    const bytes = number === 1 && sent.subarray(0, 3).equals(mark) ? sent.subarray(3) : sent;
    const isReturned = bytes.at(-1) === 13;
    const text = isUtf8(bytes) ? bytes.toString("utf8", 0, bytes.length - (isReturned ? 1 : 0)) : null;
    const changed = this.#change(text, number);
    if (changed === null) return;
    this.#made.push(changed === "as it is" ? bytes : Buffer.from(isReturned ? `${changed}\r` : changed));
    if (this.#isEnded) this.#made.push(newline);
  }

  #take(): Buffer {
    const made = Buffer.concat(this.#made);
    this.#made = [];
    return made;
  }
}
