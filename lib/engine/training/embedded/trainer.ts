import type { ClaimLine, Outcome, Trainer, TrainingTask } from "#lib/engine/training/port.ts";
import { EmbeddedRun } from "./run.ts";
import type { EmbeddedTrainerConfig } from "./thread.ts";

/** Trains `tiny-chat-1`, each job in a thread of its own. */
export const createEmbeddedTrainer = (config: EmbeddedTrainerConfig): Trainer => ({
  kind: "embedded",
  train: async (task: TrainingTask, line: ClaimLine, signal: AbortSignal): Promise<Outcome> =>
    signal.aborted ? { outcome: "lost" } : await new EmbeddedRun(config, task, line).run(signal),
});
