import path from "node:path";
import type { Env } from "#lib/core/env.ts";
import { createEmbeddedTrainer } from "#lib/engine/training/embedded/trainer.ts";
import { systemContext } from "#server/system-context.ts";
import { TrainingRunner } from "./runner.ts";

/** Trains what waits for this installation's own trainers, in the process of background jobs but not in its queue. */
export function startTrainings({ DATA_DIR, EMBEDDED_MODELS, TRAININGS, TRAINING_PACE }: Env): TrainingRunner {
  const embedded = createEmbeddedTrainer({
    workerFile: path.resolve("dist/tiny-trainer.mjs"),
    cacheDir: path.resolve(DATA_DIR, "engine"),
    isPaced: TRAINING_PACE === "on",
  });
  const runner = new TrainingRunner({
    trainers: EMBEDDED_MODELS === "on" ? [embedded] : [],
    slots: TRAININGS,
    context: () => systemContext("trainer"),
  });
  runner.start();
  return runner;
}
