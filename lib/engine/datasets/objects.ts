import { lineBytesMost } from "./rules.ts";

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 123, 125, 91, 93];

/** Cuts the objects out of a list, or out of text where they go over several lines, and gives each on a line of its own. */
export class ObjectCutter {
  /** The number of the first object that is longer than a line may be. */
  tooLongAt: number | null = null;
  #parts: Buffer[] = [];
  #length = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #count = 0;

  see(piece: Uint8Array): Buffer {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const made: Buffer[] = [];
    let start = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < bytes.length; at += 1) {
      const wasInside = this.#depth > 0;
      this.#follow(bytes[at] ?? 0);
      if (!wasInside && this.#depth > 0) start = at;
      if (!wasInside || this.#depth > 0) continue;
      this.#keep(bytes.subarray(start, at + 1));
      made.push(this.#whole());
      start = -1;
    }
    if (start >= 0) this.#keep(bytes.subarray(start));
    return Buffer.concat(made);
  }

  /** An object that nothing ends, as it is. */
  finish(): Buffer {
    return this.#length > 0 ? this.#whole() : Buffer.alloc(0);
  }

  #follow(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isText) {
      if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#isText = false;
    } else if (byte === quote) this.#isText = this.#depth > 0;
    else this.#nest(byte);
  }

  /** A list counts only inside an object: the one around all is left away. */
  #nest(byte: number): void {
    if (byte === openBrace || (byte === openBracket && this.#depth > 0)) this.#depth += 1;
    else if ((byte === closeBrace || byte === closeBracket) && this.#depth > 0) this.#depth -= 1;
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > lineBytesMost) {
      this.tooLongAt ??= this.#count + 1;
      this.#parts = [];
    } else this.#parts.push(Buffer.from(part));
  }

  #whole(): Buffer {
    const text = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#length = 0;
    this.#count += 1;
    return Buffer.from(`${onOneLine(text)}\n`);
  }
}

/** Between values a line's end is a space; within texts JSON has none. */
function onOneLine(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.replace(/[\r\n]+/g, " ");
  }
}
