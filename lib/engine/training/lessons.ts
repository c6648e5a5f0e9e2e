import { isUtf8 } from "node:buffer";
import { readSample } from "#lib/engine/datasets/read-sample.ts";
import { LineSplitter } from "#lib/engine/datasets/splitter.ts";
import { type CountTokens, type Lesson, lessonsOf, type Material } from "#lib/engine/tiny/tuning/lessons.ts";
import type { Breath } from "./breath.ts";
import type { DataSet } from "./port.ts";

/** As much of a data set as is read. */
export type Source = Pick<DataSet, "open">;

export type Reader = { count: CountTokens; tokensMost: number; breath: Breath };

/** A line with what it teaches; null for one that is wrong. */
export type LineLessons = { line: number; bytes: number; material: Material | null; lessons: Lesson[] | null };

/** The lines of a data set in their order; empty ones are none. */
export async function* lessonsIn({ open }: Source, { count, tokensMost, breath }: Reader): AsyncGenerator<LineLessons> {
  for await (const { line, bytes, text } of linesOf(await open())) {
    const sample = text === null ? null : readSample(text);
    yield { line, bytes, material: sample, lessons: sample && lessonsOf(sample, tokensMost, count) };
    if (breath.isDue) await breath.take();
  }
}

/** The lines that are right, as they were sent. */
export async function* rightLinesOf({ open }: Source): AsyncGenerator<string> {
  for await (const { text } of linesOf(await open())) if (text !== null && readSample(text)) yield text;
}

/** A text is null where it is not UTF-8, or longer than a line may be. */
type Line = { line: number; bytes: number; text: string | null };

async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const splitter = new LineSplitter();
  let found: Line[] = [];
  const listener = {
    line: (bytes: Buffer, line: number): void => {
      const text = isUtf8(bytes) ? bytes.toString("utf8") : null;
      if (text === null || text.trim() !== "") found.push({ line, bytes: bytes.length, text });
    },
    tooLong: (line: number): void => void found.push({ line, bytes: 0, text: null }),
  };
  for await (const piece of pieces) {
    splitter.see(piece, listener);
    yield* found;
    found = [];
  }
  splitter.finish(listener);
  yield* found;
}
