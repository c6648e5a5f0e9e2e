import type { Hyperparameters } from "#db/schema/tuning.ts";
import type { Point } from "#lib/engine/training/port.ts";

/** What is sent for a job; files by the ids they have at the server. */
export type JobOrder = {
  job: string;
  model: string;
  suffix: string | null;
  hyperparameters: Hyperparameters;
  /** How often the data is gone through, for servers that count so. */
  epochs: number;
  seed: number;
  training: string;
  validation: string | null;
};

export type ServerState = "waiting" | "running" | "succeeded" | "failed" | "cancelled";

export type ServerJob = {
  id: string;
  state: ServerState;
  /** What it calls the tuned model. */
  model: string | null;
  trainedTokens: number | null;
  failure: { code: string | null; message: string; param: string | null } | null;
};

/** A checkpoint there, and the name under which it can be used, where it has one. */
export type ServerCheckpoint = { step: number; name: string | null; point: Point };

/** How a kind of server spells its fine-tuning API; paths and bodies in, what they say out. */
export type Dialect = {
  listFiles: (name: string) => string;
  listJobs: (order: Pick<JobOrder, "job">) => string;
  create: (order: JobOrder) => unknown;
  /** Whether a job of a list is ours. */
  isOurs: (job: unknown, order: Pick<JobOrder, "job">) => boolean;
  read: (job: unknown) => ServerJob;
  /** Where points are, when not in the job itself. */
  events: ((id: string) => string) | null;
  checkpoints: ((id: string) => string) | null;
  readPoints: (events: unknown) => Point[];
  readCheckpoints: (found: unknown) => ServerCheckpoint[];
  /** What the customer should know about parameters that the server does not take. */
  notes: (hyperparameters: Hyperparameters) => string[];
};
