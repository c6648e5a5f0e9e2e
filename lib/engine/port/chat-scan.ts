/** A part of a body, as the places of its bytes. */
export type Span = { start: number; end: number };

/** A message where it lies. One that is plain goes to an engine as it came. */
export type ScannedMessage = Span & { role: string; isPlain: boolean };

export type ScannedChat = {
  /** Every field but messages and tools, as JSON. */
  envelope: string;
  messages: ScannedMessage[];
  messagesSpan: Span;
  tools: Span | undefined;
};

/** What may be nested in what, before the ordinary way decides. */
const deepest = 64;

const letterN = 0x6e;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;

/** Thrown where a body is not of the plain kind; made once, because a stack trace costs more than the scan. */
const unusual = new Error("Not a plain chat.");

/**
 * Finds the parts of a chat body of valid UTF-8 without making texts of them, which is most of the cost of a large one.
 * Undefined for everything unusual, right or wrong: the ordinary way then reads it and says what is wrong with it.
 */
export function scanChat(bytes: Buffer): ScannedChat | undefined {
  try {
    return new ChatScan(bytes).chat();
  } catch (error) {
    if (error === unusual) return undefined;
    throw error;
  }
}

class ChatScan {
  readonly #bytes: Buffer;
  /** The same four at a time, for texts; they begin `#shift` bytes before the first one. */
  readonly #words: Int32Array;
  readonly #shift: number;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#shift = bytes.byteOffset & 3;
    const whole = (this.#shift + bytes.length) >> 2;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset - this.#shift, whole);
  }

  chat(): ScannedChat {
    const envelope: string[] = [];
    const seen = new Set<string>();
    let messages: ScannedMessage[] | undefined;
    let messagesSpan: Span = { start: 0, end: 0 };
    let tools: Span | undefined;
    this.#space();
    this.#fields((name, begun) => {
      if (seen.has(name)) throw unusual;
      seen.add(name);
      const start = this.#at;
      if (name === "messages") {
        messages = this.#messages();
        messagesSpan = { start, end: this.#at };
      } else {
        this.#value(1);
        if (name === "tools") tools = { start, end: this.#at };
        else envelope.push(this.#bytes.toString("utf8", begun, this.#at));
      }
    });
    this.#space();
    if (this.#at !== this.#bytes.length || !messages?.length) throw unusual;
    return { envelope: `{${envelope.join(",")}}`, messages, messagesSpan, tools };
  }

  #messages(): ScannedMessage[] {
    const found: ScannedMessage[] = [];
    this.#items(() => found.push(this.#message()));
    return found;
  }

  /** Plain is what all engines take as it is: a text, calls of functions, or the result of one. */
  #message(): ScannedMessage {
    const start = this.#at;
    let role = "";
    let emptied = 0;
    const fields = this.#record(messageFields, (name) => {
      const from = this.#at;
      const first = this.#bytes[from];
      if (name === "tool_calls" && first === bracketOpen) return this.#calls();
      this.#value(3);
      if (name === "role") role = this.#bytes.toString("latin1", from + 1, this.#at - 1);
      if (name !== "content" || first !== letterN) return first === quote && name !== "tool_calls";
      emptied = noContent;
      return true;
    });
    const isPlain = fields > 0 && shapes[role]?.has(fields | emptied) === true;
    return { start, end: this.#at, role, isPlain };
  }

  #calls(): boolean {
    let arePlain = true;
    let count = 0;
    this.#items(() => {
      count++;
      const fields = this.#record(callFields, (name) =>
        name === "function" && this.#bytes[this.#at] === braceOpen ? this.#called() : this.#isText(name === "type"),
      );
      if (fields !== wholeCall) arePlain = false;
    });
    return arePlain && count > 0 && count <= mostCalls;
  }

  #called(): boolean {
    const fields = this.#record(calledFields, (name) => {
      const from = this.#at;
      return this.#isText(false) && (name !== "name" || this.#at - from <= longestName);
    });
    return fields === wholeCalled;
  }

  /** The fields of an object as bits; none when one is not known, comes twice, or its value is not plain. */
  #record(known: Readonly<Record<string, number>>, isPlainValue: (name: string) => boolean): number {
    let fields = 0;
    let isPlain = true;
    this.#fields((name) => {
      const bit = known[name] ?? 0;
      if (!isPlainValue(name) || bit === 0 || (fields & bit) !== 0) isPlain = false;
      fields |= bit;
    });
    return isPlain ? fields : 0;
  }

  /** Whether the value that comes is a text, and "function" where it has to be. */
  #isText(isFixed: boolean): boolean {
    const from = this.#at;
    const isText = this.#bytes[from] === quote;
    this.#value(5);
    return isText && (!isFixed || this.#bytes.toString("latin1", from + 1, this.#at - 1) === "function");
  }

  /** Calls `field` with each name when its value comes, and with the place where the name begins. */
  #fields(field: (name: string, begun: number) => void): void {
    this.#expect(braceOpen);
    for (let isFirst = true; ; isFirst = false) {
      this.#space();
      if (isFirst && this.#bytes[this.#at] === braceClose) break;
      const begun = this.#at;
      if (this.#bytes[begun] !== quote) throw unusual;
      this.#text();
      const name = this.#bytes.toString("latin1", begun + 1, this.#at - 1);
      // A name that is spelled in another way may be one that is known.
      if (name.includes("\\")) throw unusual;
      this.#space();
      this.#expect(colon);
      this.#space();
      field(name, begun);
      this.#space();
      if (this.#bytes[this.#at] !== comma) break;
      this.#at++;
    }
    this.#expect(braceClose);
  }

  #items(item: () => void): void {
    this.#expect(bracketOpen);
    this.#space();
    if (this.#bytes[this.#at] !== bracketClose) {
      for (;;) {
        item();
        this.#space();
        if (this.#bytes[this.#at] !== comma) break;
        this.#at++;
        this.#space();
      }
    }
    this.#expect(bracketClose);
  }

  #value(depth: number): void {
    if (depth > deepest) throw unusual;
    const first = this.#bytes[this.#at];
    if (first === quote) this.#text();
    else if (first === braceOpen) this.#fields(() => this.#value(depth + 1));
    else if (first === bracketOpen) this.#items(() => this.#value(depth + 1));
    else this.#scalar();
  }

  /** A number or a word of JSON. */
  #scalar(): void {
    const start = this.#at;
    while (scalarBytes.has(this.#bytes[this.#at])) this.#at++;
    if (!scalar.test(this.#bytes.toString("latin1", start, this.#at))) throw unusual;
  }

  /** From the quote that begins a text to behind the one that ends it. */
  #text(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      at = this.#plainUntil(at);
      if (bytes[at] === quote) break;
      if (bytes[at] !== backslash) throw unusual;
      at += this.#escape(at + 1);
    }
    this.#at = at + 1;
  }

  /** The length of an escape with its backslash. */
  #escape(at: number): number {
    const escaped = this.#bytes[at] ?? 0;
    if (escapes.has(escaped)) return 2;
    if (escaped !== 0x75 || !/^[0-9a-fA-F]{4}$/.test(this.#bytes.toString("latin1", at + 1, at + 5))) throw unusual;
    return 6;
  }

  /** The next place with a quote, a backslash or a control character: four bytes at a time, as far as none of them is one. */
  #plainUntil(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (((at + this.#shift) & 3) !== 0) {
      if (isSpecial(bytes[at])) return at;
      at++;
    }
    const words = this.#words;
    let word = (at + this.#shift) >> 2;
    // The highest bit of a byte of each of these is set where the byte is below 0x20, a quote, a backslash (Bit Twiddling, "haszero").
    for (; word < words.length; word++) {
      const four = words[word] as number;
      const quotes = four ^ 0x22222222;
      const slashes = four ^ 0x5c5c5c5c;
      const found =
        ((four - 0x20202020) & ~four) | ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes);
      if ((found & 0x80808080) !== 0) break;
    }
    at = (word << 2) - this.#shift;
    while (!isSpecial(bytes[at])) at++;
    return at;
  }

  #space(): void {
    const bytes = this.#bytes;
    for (;;) {
      const byte = bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #expect(byte: number): void {
    if (this.#bytes[this.#at] !== byte) throw unusual;
    this.#at++;
  }
}

/** Whether a text is not simply a text here; the end of the bytes counts as such. */
const isSpecial = (byte: number | undefined): boolean =>
  byte === undefined || byte < 0x20 || byte === quote || byte === backslash;

const scalarBytes: ReadonlySet<number | undefined> = new Set(Buffer.from("0123456789-+.Eaeflnrstu"));
const scalar = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const escapes = new Set(Buffer.from('"\\/bfnrt'));

const mostCalls = 128;
/** With its quotes. */
const longestName = 258;

const messageFields: Record<string, number> = {
  __proto__: null as never,
  role: 1,
  content: 2,
  tool_calls: 4,
  tool_call_id: 8,
};
const callFields: Record<string, number> = { __proto__: null as never, id: 1, type: 2, function: 4 };
const wholeCall = 7;
const calledFields: Record<string, number> = { __proto__: null as never, name: 1, arguments: 2 };
const wholeCalled = 3;
/** The bit of a content that is null, as it may be beside calls. */
const noContent = 16;
/** Which fields a message of a role has when it is plain. */
const shapes: Record<string, ReadonlySet<number>> = {
  __proto__: null as never,
  system: new Set([3]),
  user: new Set([3]),
  assistant: new Set([3, 7, 23]),
  tool: new Set([11]),
};
