import type { Id } from "#db/id.ts";
import type { Job } from "./rules.ts";

export type IntegrationView = {
  type: "wandb";
  project: string;
  name: string | null;
  runName: string | null;
  connection: Id<"connection"> | null;
  url: string | null;
};

/** A job as its workspace sees it. */
export type JobView = Omit<Job, "key" | "fingerprint" | "lesseeId"> & { integrations: IntegrationView[] };

export type EventView = { name: string; data: Record<string, unknown>; at: Date };
export type CheckpointView = {
  step: number;
  trainLoss: number | null;
  validLoss: number | null;
  accuracy: number | null;
  at: Date;
  /** Whether the server that trains has it under a name of its own. */
  isElsewhere: boolean;
};

/** The same with its history, newest first. */
export type JobDetail = JobView & { events: EventView[]; checkpoints: CheckpointView[] };

/** What a job would be, before there is one. */
export type JobEstimate = {
  costPico: bigint;
  trainTokens: number;
  trainTokensPerStep: number;
  dataTokens: number;
  steps: number;
  epochs: number;
  seconds: number;
  startsAt: Date;
  /** Whether the data was read only in part, so that all figures are scaled up. */
  isScaled: boolean;
};
