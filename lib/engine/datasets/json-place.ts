/** Why a text is not JSON: where the first sign that does not fit stands, and what fits there. */
export type JsonFault = { column: number; expected: string; isUnfinished: boolean };

/** Null where it is JSON. It follows nesting by recursion, so callers refuse what nests too deeply first. */
export function jsonFaultOf(text: string): JsonFault | null {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return null;
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    return { column: error.at + 1, expected: error.message, isUnfinished: error.at >= text.trimEnd().length };
  }
}

/** The column where a path's value begins, or where the nearest thing around it does. The text has to be JSON. */
export function columnOf(text: string, path: string): number {
  const scanner = new Scanner(text, path);
  scanner.document();
  return scanner.found + 1;
}

class Unexpected extends Error {
  readonly at: number;
  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
  }
}

const escapes = new Set(['"', "\\", "/", "b", "f", "n", "r", "t"]);
const words = ["true", "false", "null"];
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Scanner {
  found = 0;
  #at = 0;
  readonly #text: string;
  readonly #wanted: string | undefined;

  constructor(text: string, wanted?: string) {
    this.#text = text;
    this.#wanted = wanted;
  }

  document(): void {
    this.#value("");
    this.#space();
    if (this.#at < this.#text.length) this.#refuse("nothing more was expected");
  }

  #value(path: string): void {
    this.#space();
    if (this.#wanted !== undefined && isWithin(this.#wanted, path)) this.found = this.#at;
    const sign = this.#text[this.#at];
    if (sign === "{") this.#object(path);
    else if (sign === "[") this.#array(path);
    else if (sign === '"') this.#string();
    else this.#scalar();
  }

  #object(path: string): void {
    this.#at += 1;
    if (this.#takes("}")) return;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#refuse("a property name in double quotes was expected");
      const name = this.#string();
      if (!this.#takes(":")) this.#refuse("a colon was expected");
      this.#value(this.#inside(path, name));
    } while (this.#takes(","));
    if (!this.#takes("}")) this.#refuse("a comma or } was expected");
  }

  #array(path: string): void {
    this.#at += 1;
    if (this.#takes("]")) return;
    let index = 0;
    do {
      this.#value(this.#inside(path, String(index)));
      index += 1;
    } while (this.#takes(","));
    if (!this.#takes("]")) this.#refuse("a comma or ] was expected");
  }

  /** Paths are put together only where one is looked for. */
  #inside(path: string, step: string): string {
    if (this.#wanted === undefined) return "";
    return path === "" ? step : `${path}.${step}`;
  }

  #string(): string {
    const start = this.#at + 1;
    for (this.#at = start; this.#text[this.#at] !== '"'; this.#at += 1) {
      if (this.#at >= this.#text.length) this.#refuse("a closing quote was expected");
      if (this.#text.charCodeAt(this.#at) < 32) this.#refuse("a control character has to be escaped");
      if (this.#text[this.#at] === "\\") this.#escape();
    }
    this.#at += 1;
    return this.#text.slice(start, this.#at - 1);
  }

  #escape(): void {
    this.#at += 1;
    const sign = this.#text[this.#at] ?? "";
    if (sign === "u" && /^[0-9a-fA-F]{4}$/.test(this.#text.slice(this.#at + 1, this.#at + 5))) this.#at += 4;
    else if (!escapes.has(sign)) this.#refuse("an escape such as \\n was expected");
  }

  #scalar(): void {
    const word = words.find((one) => this.#text.startsWith(one, this.#at));
    number.lastIndex = this.#at;
    const length = word?.length ?? number.exec(this.#text)?.[0].length;
    if (!length) this.#refuse("a value was expected");
    this.#at += length ?? 0;
  }

  #takes(sign: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at += 1;
  }

  #refuse(expected: string): void {
    throw new Unexpected(this.#at, expected);
  }
}

const isWithin = (wanted: string, path: string): boolean =>
  path === "" || wanted === path || wanted.startsWith(`${path}.`);
