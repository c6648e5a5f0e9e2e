import type { Base } from "#lib/engine/tiny/base.ts";
import { codeVersion, readWeights, type Weights } from "#lib/engine/tiny/tuning/weights.ts";
import type { Breath } from "#lib/engine/training/breath.ts";
import type { Note } from "./messages.ts";
import type { Study } from "./study.ts";

/** Checkpoints to go on from, the one to try first in front. */
export type Kept = { step: number; read: () => Promise<Uint8Array> }[];

export type Restored = {
  /** `done`: the checkpoint is the finished model. `foreign`: it stands on another base or was made by other code. */
  state: "ready" | "done" | "foreign";
  step: number;
  notes: Note[];
};

/** Puts the weights of the last whole checkpoint into the study's table; without one, training begins anew. */
export async function restore(
  { job, steps }: { job: string; steps: number },
  base: Base,
  { table }: Study,
  kept: Kept,
  breath: Breath,
): Promise<Restored> {
  const notes: Note[] = [];
  for (const { step, read } of kept) {
    const found = await breath.through(readWeights(await read()));
    if (!found || found.head.job !== job || found.head.step !== step || step > steps) {
      notes.push({ level: "warn", text: `The checkpoint of step ${step} is not whole and is not used.` });
      continue;
    }
    if (found.head.base !== base.version || found.head.code !== codeVersion) return { state: "foreign", step, notes };
    if (found.head.form === "model") return { state: "done", step, notes };
    if (!isFor(found, table)) return { state: "foreign", step, notes };
    table.weights.set(found.cells.weights);
    notes.push({ level: "info", text: `Goes on from step ${step}.` });
    return { state: "ready", step, notes };
  }
  return { state: "ready", step: 0, notes };
}

/** The same data has the same cells. */
const isFor = ({ cells }: Weights, { features, ids }: Study["table"]): boolean =>
  cells.ids.length === ids.length &&
  cells.features.length === features.length &&
  cells.features.every((feature, at) => feature === features[at]);
