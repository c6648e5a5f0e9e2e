import { createHash } from "node:crypto";
import type { TunedWeights } from "#lib/engine/port/port.ts";
import type { Base } from "#lib/engine/tiny/base.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import { tableOf } from "#lib/engine/tiny/table.ts";
import { tunedModel } from "#lib/engine/tiny/tuning/tuned.ts";
import { readWeights, type Weights, writeModel } from "#lib/engine/tiny/tuning/weights.ts";
import type { Note } from "#lib/engine/training/embedded/messages.ts";
import { runSession } from "#lib/engine/training/embedded/session.ts";
import type { CheckpointReport, Outcome, Point, TrainingTask } from "#lib/engine/training/port.ts";
import { testBase } from "./tiny-model.ts";

export type Ran = {
  outcome: Outcome;
  points: Point[];
  notes: Note[];
  checkpoints: (Omit<CheckpointReport, "weights"> & { bytes: Uint8Array })[];
};

/** Trains in this thread. */
export async function runTraining(
  task: TrainingTask,
  kept: { step: number; bytes: Uint8Array }[] = [],
  base = testBase,
): Promise<Ran> {
  const ran: Ran = { outcome: { outcome: "lost" }, points: [], notes: [], checkpoints: [] };
  const line = {
    tell: (_: number, points: Point[], notes: Note[]) => {
      ran.points.push(...points);
      ran.notes.push(...notes);
    },
    checkpoint: async (report: Omit<CheckpointReport, "weights">, bytes: Uint8Array) => {
      ran.checkpoints.push({ ...report, bytes });
    },
    isStopped: () => false,
  };
  const reads = kept.map(({ step, bytes }) => ({ step, read: async () => bytes }));
  ran.outcome = await runSession({ ...task, resume: [] }, base, line, { isPaced: false, kept: reads });
  return ran;
}

export function lastOf<Type>(all: readonly Type[]): Type {
  const last = all.at(-1);
  if (last === undefined) throw new Error("There is none.");
  return last;
}

export function weightsOf(bytes: Uint8Array): Weights {
  const reading = readWeights(bytes);
  for (;;) {
    const { done, value } = reading.next();
    if (done && value) return value;
    if (done) throw new Error("The weights are not whole.");
  }
}

export function modelOf(base: Base, bytes: Uint8Array): Model {
  const { words, cells } = weightsOf(bytes);
  return tunedModel(base, words, tableOf(cells));
}

/** The same model with so many more features, which no question has. */
export function padded(bytes: Uint8Array, more: number): Uint8Array {
  const { head, words, cells } = weightsOf(bytes);
  const own = new Set(cells.features);
  const padding = Array.from({ length: more }, (_, at) => at * 3 + 1).filter((feature) => !own.has(feature));
  const all = [...cells.features.entries(), ...padding.map((feature) => [-1, feature] as const)];
  all.sort(([, a], [, b]) => a - b);
  const [starts, ids, weights] = [[0], [] as number[], [] as number[]];
  for (const [place] of all) {
    const [from = 0, to = 0] = place < 0 ? [] : cells.starts.subarray(place, place + 2);
    ids.push(...(place < 0 ? [1] : cells.ids.subarray(from, to)));
    weights.push(...(place < 0 ? [1] : cells.weights.subarray(from, to)));
    starts.push(ids.length);
  }
  return writeModel(head, {
    words,
    cells: {
      features: Uint32Array.from(all, ([, feature]) => feature),
      starts: Uint32Array.from(starts),
      ids: Uint16Array.from(ids),
      weights: Float32Array.from(weights),
    },
  });
}

/** As the gateway names a tuned model to the engine; `opened` counts how often its bytes were fetched. */
export function tunedOf(id: string, bytes: Uint8Array): TunedWeights & { opened: number } {
  const tuned = {
    id,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    opened: 0,
    open: async () => {
      tuned.opened++;
      return bytes;
    },
  };
  return tuned;
}
