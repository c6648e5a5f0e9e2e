import { batch, copiesOf } from "#lib/engine/tiny/tuning/order.ts";
import { rightLinesOf } from "#lib/engine/training/lessons.ts";
import type { DataSet, TrainingTask } from "#lib/engine/training/port.ts";

/** One file of all the data sets, as a server is sent it. */
export type SentFile = { name: string; length: number; lines: number; pieces: () => AsyncGenerator<Uint8Array> };

const pieceBytes = 65_536;

export const trainingName = (job: string): string => `${job}-train.jsonl`;
export const validationName = (job: string): string => `${job}-valid.jsonl`;

/** Reads the data once to know how long the file will be, because servers want to be told. */
export async function fileOf(name: string, sets: readonly DataSet[], seed: number): Promise<SentFile> {
  const file = { name, length: 0, lines: 0, pieces: () => piecesOf(sets, seed) };
  for await (const line of linesOf(sets, seed)) {
    file.length += Buffer.byteLength(line) + 1;
    file.lines++;
  }
  return file;
}

/** A file's weight is how often its lines are in it. */
async function* linesOf(sets: readonly DataSet[], seed: number): AsyncGenerator<string> {
  let at = 0;
  for (const set of sets) {
    for await (const line of rightLinesOf(set)) {
      for (let copies = copiesOf(set.weight, seed, at++); copies > 0; copies--) yield line.replace(/\r$/, "");
    }
  }
}

async function* piecesOf(sets: readonly DataSet[], seed: number): AsyncGenerator<Uint8Array> {
  let piece = "";
  for await (const line of linesOf(sets, seed)) {
    piece += `${line}\n`;
    if (piece.length < pieceBytes) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  if (piece !== "") yield Buffer.from(piece);
}

/** How often the data is gone through when nothing but steps was asked for. */
export const epochsOf = ({ hyperparameters, steps }: TrainingTask, lines: number): number =>
  hyperparameters.epochs ?? (steps * batch) / Math.max(1, lines);
