import type { sampleTypes } from "#db/schema/files.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";

/** What one file can have. */
export const fileBytesMost = 512 * 1024 * 1024;

/** Of how much of a content it is noted how many lines have ended before it. */
export const markBytes = 1024 * 1024;
const newline = 10;

export type FilePurpose = "fine-tune" | "batch";
export type SampleType = (typeof sampleTypes)[number];

/** Whether a file is read by lines. */
export const hasLines = (name: string): boolean => name.toLowerCase().endsWith(".jsonl");

/** Follows a content as it passes: how many lines it has, and where they lie. */
export class LineCount {
  /** How many have ended before each mebibyte but the first. */
  readonly ends: number[] = [];
  #ended = 0;
  #bytes = 0;
  #last = newline;

  see(piece: Buffer): void {
    for (let at = 0; at < piece.length; ) {
      const end = Math.min(piece.length, at + markBytes - (this.#bytes % markBytes));
      this.#ended += newlinesIn(piece, at, end);
      this.#bytes += end - at;
      if (this.#bytes % markBytes === 0) this.ends.push(this.#ended);
      at = end;
    }
    this.#last = piece.at(-1) ?? this.#last;
  }

  /** One that nothing ends is a line too. */
  get lines(): number {
    return this.#ended + (this.#last === newline ? 0 : 1);
  }
}

function newlinesIn(piece: Buffer, from: number, end: number): number {
  let count = 0;
  for (let at = piece.indexOf(newline, from); at >= 0 && at < end; at = piece.indexOf(newline, at + 1)) count += 1;
  return count;
}

/** What the lines of a file are, by what it is for and what they were found to be. */
export const sampleTypeOf = (purpose: FilePurpose, kind: SampleType | null): SampleType =>
  purpose === "batch" ? "batch_request" : (kind ?? "instruct");

/** How long a file stays after it was used last, where nothing else was asked for; and one that was refused, to be mended. */
export const keptDays = 30;
export const draftHours = 24;

/** When a file expires that is made or used now. */
export function expiryOf(now: Date, asked: { hours?: number | undefined; isDraft: boolean }): Date {
  if (asked.isDraft) return addMinutes(now, draftHours * 60);
  return asked.hours === undefined ? addDays(now, keptDays) : addMinutes(now, asked.hours * 60);
}

/** The mebibyte to read from so that a line's beginning is found, and how many lines end before it there. Lines count from 0. */
export function markBefore(ends: readonly number[], line: number): { mark: number; skip: number } {
  let [low, high] = [0, ends.length];
  // The last mark that fewer lines than this one's number end before: the line begins after it.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return { mark: low, skip: line - (low === 0 ? 0 : (ends[low - 1] ?? 0)) };
}

/** A line is shown up to here. */
export const lineBytesMost = 16 * 1024;

export type Line = { number: number; text: string; isCut: boolean };

/** Picks some lines out of a content as it passes. */
export class LinePicker {
  readonly lines: Line[] = [];
  readonly #from: number;
  readonly #count: number;
  #skip: number;
  #parts: Buffer[] = [];
  #length = 0;

  /** `from` is the number of the first one, from 0; so many lines are passed over before it. */
  constructor(from: number, count: number, skip: number) {
    this.#from = from;
    this.#count = count;
    this.#skip = skip;
  }

  get isDone(): boolean {
    return this.lines.length >= this.#count;
  }

  see(piece: Buffer): void {
    for (let at = 0; at < piece.length && !this.isDone; ) {
      const found = piece.indexOf(newline, at);
      const end = found < 0 ? piece.length : found;
      if (this.#skip === 0) this.#keep(piece.subarray(at, end));
      if (found >= 0) this.#endLine();
      at = end + 1;
    }
  }

  /** What nothing ended. */
  finish(): void {
    if (this.#length > 0 && !this.isDone) this.#endLine();
  }

  #keep(part: Buffer): void {
    const room = Math.max(0, lineBytesMost - this.#length);
    if (room > 0) this.#parts.push(Buffer.from(part.subarray(0, room)));
    this.#length += part.length;
  }

  #endLine(): void {
    if (this.#skip > 0) {
      this.#skip -= 1;
      return;
    }
    const isCut = this.#length > lineBytesMost;
    const text = Buffer.concat(this.#parts).toString();
    this.lines.push({ number: this.#from + this.lines.length, text, isCut });
    this.#parts = [];
    this.#length = 0;
  }
}

/** After so long an object that nothing names was surely left behind: no upload and no deletion is still at it. */
export const orphanDays = 2;
