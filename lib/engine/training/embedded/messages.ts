import type {
  CheckpointReport,
  LogLine,
  Outcome,
  Point,
  ReviewReport,
  TrainingTask,
} from "#lib/engine/training/port.ts";

/** What the thread can ask to read. */
export type Place = { kind: "training" | "validation"; at: number } | { kind: "resume"; at: number };

/** A task without what cannot cross to a thread. */
export type ThreadTask = Pick<TrainingTask, "job" | "hyperparameters" | "seed" | "steps" | "skipShare" | "keptStep"> & {
  training: { weight: number; bytes: number }[];
  validation: number;
  /** Steps of the checkpoints to go on from, the one to try first in front. */
  resume: number[];
};

/** `review`: the first checkpoint is asked beside the base, and nothing is trained. */
export type ThreadData = { task: ThreadTask; cacheDir: string; isPaced: boolean; work: "train" | "review" };

export type Note = Pick<LogLine, "level" | "text">;

/** What the thread says. */
export type ThreadReport =
  | { type: "open"; place: Place }
  | { type: "pull" }
  | { type: "told"; step: number; points: Point[]; notes: Note[] }
  | { type: "checkpoint"; report: Omit<CheckpointReport, "weights">; weights: Uint8Array<ArrayBuffer> }
  | { type: "over"; outcome: Outcome }
  | { type: "reviewed"; report: ReviewReport }
  /** What is to be told to the customer. */
  | { type: "refused"; message: string };

/** What the thread is told; a piece of null is the end. */
export type ThreadOrder =
  | { type: "piece"; bytes: Uint8Array<ArrayBuffer> | null }
  | { type: "broken" }
  /** The checkpoint is kept. */
  | { type: "kept" }
  /** It is to end with what it has. */
  | { type: "stop" };
