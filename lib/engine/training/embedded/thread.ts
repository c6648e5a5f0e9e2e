import { Worker } from "node:worker_threads";
import type { TrainingTask } from "#lib/engine/training/port.ts";
import { crossing } from "./feed.ts";
import type { ThreadData } from "./messages.ts";

export type EmbeddedTrainerConfig = {
  /** The bundle of worker.ts. */
  workerFile: string;
  /** Where the trained base is kept. */
  cacheDir: string;
  /** Whether it goes slowly enough to be watched. */
  isPaced: boolean;
};

/** Beyond it the thread dies instead of the process. */
const heapMb = 512;

export function openThread(config: EmbeddedTrainerConfig, task: TrainingTask, work: ThreadData["work"]): Worker {
  const { workerFile, cacheDir, isPaced } = config;
  const workerData: ThreadData = { task: crossing(task), cacheDir, isPaced, work };
  return new Worker(workerFile, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
}
