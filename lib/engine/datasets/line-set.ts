import { hash } from "node:crypto";

const entryBytes = 12;
/** Lines beyond these are not remembered, so that memory is bounded: repeats of them are not found. */
const linesRemembered = 50_000;

/** Remembers lines by a part of their hash, and where each was first. */
export class LineSet {
  readonly #first = new Map<string, number>();

  /** The line where the same was first, or null where it is new; a new one is remembered while there is room. */
  add(line: string | Uint8Array, number: number): number | null {
    const mark = hashOf(line);
    const known = this.#first.get(mark);
    if (known !== undefined) return known;
    if (!this.isFull) this.#first.set(mark, number);
    return null;
  }

  /** Whether a new line would not be remembered. */
  get isFull(): boolean {
    return this.#first.size >= linesRemembered;
  }

  has(line: string | Uint8Array): boolean {
    return this.#first.has(hashOf(line));
  }

  save(): Buffer {
    const saved = Buffer.alloc(this.#first.size * entryBytes);
    let at = 0;
    for (const [hash, number] of this.#first) {
      saved.write(hash, at, "latin1");
      saved.writeUInt32LE(number, at + 8);
      at += entryBytes;
    }
    return saved;
  }

  static restore(saved: Buffer): LineSet {
    const set = new LineSet();
    for (let at = 0; at + entryBytes <= saved.length; at += entryBytes)
      set.#first.set(saved.toString("latin1", at, at + 8), saved.readUInt32LE(at + 8));
    return set;
  }
}

// Half the time of a hash that is built in steps, which is most of what a short line costs.
const hashOf = (line: string | Uint8Array): string => hash("sha1", line, "binary").slice(0, 8);
