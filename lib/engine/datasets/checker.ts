import { isUtf8 } from "node:buffer";
import { checkLine, type LineCheck } from "./line.ts";
import { LineSet } from "./line-set.ts";
import {
  contextTokens,
  isError,
  type Kind,
  linesMost,
  type Problem,
  type Purpose,
  problemsMost,
  type RuleId,
  ruleOf,
} from "./rules.ts";
import type { Sample } from "./sample.ts";
import { type LineListener, LineSplitter } from "./splitter.ts";
import { type Statistics, StatisticsCount } from "./statistics.ts";

export type CheckOptions = {
  purpose: Purpose;
  /** Counts a sample's tokens as the model that is to learn from it does. */
  countTokens?: (sample: Sample) => number;
  /** Lines of another file that should not be in this one too. */
  others?: LineSet;
};

export type CheckReport = {
  /** What its lines are; null where none tells. */
  kind: Kind | null;
  /** Lines that are not empty: the right ones, and those with errors. */
  good: number;
  bad: number;
  /** The first ones; of each rule `counts` says how many there are. */
  problems: Problem[];
  counts: Partial<Record<RuleId, number>>;
  statistics: Statistics;
};

type State = {
  kind: Kind | null;
  good: number;
  bad: number;
  head: number[];
  isStopped: boolean;
  /** The first line's JSON was not whole; whether the object goes on in the next is still to be seen. */
  isWaiting: boolean;
  problems: Problem[];
  counts: Partial<Record<RuleId, number>>;
  splitter: { ended: number; isSkipping: boolean };
  statistics: unknown;
};

/** Beginnings that tell of other kinds of content. None has the sign that ends a line. */
const marks: [number[], string][] = [
  [[0x1f, 0x8b], "is gzip-compressed"],
  [[0x50, 0x4b, 0x03, 0x04], "is a zip archive"],
  [[0xff, 0xfe], "is UTF-16"],
  [[0xfe, 0xff], "is UTF-16"],
];

const kindWords: Record<Kind, string> = {
  instruct: "conversations",
  pretrain: "plain text",
  batch_request: "requests of a batch",
};
const oneWords: Record<Kind, string> = {
  instruct: "is a conversation",
  pretrain: "is plain text",
  batch_request: "is a request of a batch",
};

/** Follows a data set as it passes, in pieces that end anywhere, and can be saved and taken up between any two of them. */
export class DataSetChecker implements LineListener {
  readonly #options: CheckOptions;
  readonly #state: Omit<State, "splitter" | "statistics">;
  readonly #splitter: LineSplitter;
  readonly #lines: LineSet;
  readonly #statistics: StatisticsCount;

  constructor(options: CheckOptions, saved?: Uint8Array) {
    this.#options = options;
    const { state, carry, lines } = saved ? unpack(saved) : fresh();
    const { splitter, statistics, ...rest } = state;
    this.#state = rest;
    this.#splitter = LineSplitter.restore({ ...splitter, carry });
    this.#statistics = new StatisticsCount(statistics);
    this.#lines = LineSet.restore(lines);
  }

  see(piece: Uint8Array): void {
    this.#seeHead(piece);
    if (!this.#state.isStopped) this.#splitter.see(piece, this);
  }

  /** What was found so far, without what has not ended yet. */
  get soFar(): { good: number; bad: number; problems: number } {
    const { good, bad, counts } = this.#state;
    return { good, bad, problems: Object.values(counts).reduce((sum, count) => sum + count, 0) };
  }

  finish(): CheckReport {
    if (!this.#state.isStopped) this.#splitter.finish(this);
    const { kind, good, bad, problems, counts, isStopped } = this.#state;
    if (good + bad === 0 && !isStopped) this.#tell(0, "F3", "has no lines");
    return { kind, good, bad, problems, counts, statistics: this.#statistics.statistics() };
  }

  save(): Buffer {
    const { carry, ...splitter } = this.#splitter.save();
    const state: State = { ...this.#state, splitter, statistics: this.#statistics.save() };
    return pack(state, carry, this.#lines.save());
  }

  line(bytes: Buffer, number: number): void {
    if (this.#state.isStopped || bytes.length === 0) return;
    const text = this.#textOf(bytes, number);
    if (text === null || text.trim() === "" || this.#isOver(number, text)) return;
    const check = checkLine(text, number);
    for (const problem of check.problems) this.#add(problem);
    const isGood = !check.problems.some(isError) && this.#isAlike(check.kind, number);
    this.#state[isGood ? "good" : "bad"] += 1;
    this.#state.isWaiting = check.isUnfinished && this.#state.good + this.#state.bad === 1;
    if (isGood) this.#seeGood(check, text, number, bytes.length);
  }

  tooLong(number: number): void {
    if (this.#state.isStopped) return;
    this.#tell(number, "F5", "is longer than 4 MiB");
    this.#state.bad += 1;
  }

  #seeHead(piece: Uint8Array): void {
    const { head } = this.#state;
    if (head.length >= 4) return;
    head.push(...piece.subarray(0, 4 - head.length));
    const found = marks.find(([mark]) => mark.every((byte, at) => head[at] === byte));
    if (found && !this.#state.isStopped) this.#stop(0, "F4", found[1]);
  }

  /** The line as text, without what marks its beginning or end; null where it is none. */
  #textOf(bytes: Buffer, number: number): string | null {
    if (!isUtf8(bytes)) {
      const valid = validUpTo(bytes);
      const column = bytes.toString("utf8", 0, valid).length + 1;
      const byte = (bytes[valid] ?? 0).toString(16).padStart(2, "0");
      this.#tell(number, "F4", `byte 0x${byte} at column ${column} is not UTF-8`, column);
      this.#state.bad += 1;
      return null;
    }
    // A search for its carriage return would go through the whole line.
    const text = bytes.toString("utf8", 0, bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length);
    return number === 1 ? text.replace(/^\ufeff/, "") : text;
  }

  /** Whether no line after this one is looked at: the file is something else than lines. */
  #isOver(number: number, text: string): boolean {
    const isFirst = this.#state.good + this.#state.bad === 0;
    if (number > linesMost) this.#stop(0, "F8", "has more than 10,000,000 lines");
    else if (isFirst && text.trimStart().startsWith("["))
      this.#stop(number, "F6", "begins a list; write one object a line");
    else if (this.#state.isWaiting && /^\s*["}\]]/.test(text)) {
      // What the first line was thought to be wrong with is that it goes on here.
      this.#state.problems.length = 0;
      this.#state.counts = {};
      this.#stop(number - 1, "F6", "begins an object that goes over several lines; write one object a line");
    }
    return this.#state.isStopped;
  }

  #isAlike(kind: Kind | null, number: number): boolean {
    if (kind === null) return false;
    const isForBatch = this.#options.purpose === "batch";
    if (isForBatch !== (kind === "batch_request")) {
      const wanted = isForBatch ? "a batch file has requests" : "a file for fine-tuning has conversations or texts";
      this.#tell(number, "F7", `${oneWords[kind]}; ${wanted}`);
      return false;
    }
    this.#state.kind ??= kind;
    if (kind === this.#state.kind) return true;
    this.#tell(number, "F7", `${oneWords[kind]}, the lines before are ${kindWords[this.#state.kind]}`);
    return false;
  }

  #seeGood({ sample }: LineCheck, text: string, number: number, bytes: number): void {
    const first = this.#lines.add(text, number);
    if (first !== null) {
      this.#statistics.seeRepeat();
      this.#tell(number, "W1", `is the same as line ${first}`);
    }
    if (this.#options.others?.has(text)) this.#tell(number, "W2", "is also in the validation file");
    const tokens = this.#statistics.see(sample, bytes, this.#options.countTokens);
    if (tokens !== null && tokens > contextTokens)
      this.#tell(number, "K1", `has ${grouped(tokens)} tokens: cut to ${grouped(contextTokens)}`);
  }

  #stop(line: number, rule: RuleId, message: string): void {
    this.#tell(line, rule, message);
    this.#state.isStopped = true;
  }

  #tell(line: number, rule: RuleId, message: string, column: number | null = null): void {
    this.#add({ line, column, rule, path: "", message, mend: ruleOf(rule).mend });
  }

  #add(problem: Problem): void {
    const { problems, counts } = this.#state;
    counts[problem.rule] = (counts[problem.rule] ?? 0) + 1;
    if (problems.length < problemsMost) problems.push(problem);
  }
}

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** How many bytes are text before the first that is not. */
function validUpTo(bytes: Buffer): number {
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isTextUpTo(bytes, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether a beginning is text, but for a last sign that is not whole yet. */
function isTextUpTo(bytes: Buffer, length: number): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
    return true;
  } catch {
    return false;
  }
}

function fresh(): { state: State; carry: Buffer; lines: Buffer } {
  const state: State = {
    kind: null,
    good: 0,
    bad: 0,
    head: [],
    isStopped: false,
    isWaiting: false,
    problems: [],
    counts: {},
    splitter: { ended: 0, isSkipping: false },
    statistics: undefined,
  };
  return { state, carry: Buffer.alloc(0), lines: Buffer.alloc(0) };
}

/** The lengths of the first two parts, then the three. */
function pack(state: State, carry: Buffer, lines: Buffer): Buffer {
  const json = Buffer.from(JSON.stringify(state));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(json.length, 0);
  lengths.writeUInt32LE(carry.length, 4);
  return Buffer.concat([lengths, json, carry, lines]);
}

function unpack(saved: Uint8Array): { state: State; carry: Buffer; lines: Buffer } {
  const bytes = Buffer.from(saved.buffer, saved.byteOffset, saved.byteLength);
  const [json, carry] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  return {
    state: JSON.parse(bytes.toString("utf8", 8, 8 + json)) as State,
    carry: bytes.subarray(8 + json, 8 + json + carry),
    lines: bytes.subarray(8 + json + carry),
  };
}
