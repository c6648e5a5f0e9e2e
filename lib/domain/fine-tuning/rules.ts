import type { Id } from "#db/id.ts";
import type { TuningStatus, tuningJobs } from "#db/schema/tuning.ts";

/** A job as other rooms name it. */
export type JobRef = { organizationId: Id<"organization">; id: Id<"tuningJob"> };

/** A job as it is kept. */
export type Job = typeof tuningJobs.$inferSelect;

const ended: ReadonlySet<TuningStatus> = new Set(["SUCCESS", "FAILED", "FAILED_VALIDATION", "CANCELLED"]);
export const isEnded = (status: TuningStatus): boolean => ended.has(status);

/** Every way a job can go on: from which states, and to which. Nothing else changes the status of a job. */
export const transitions = {
  validate: { from: ["QUEUED"], to: "VALIDATING" },
  accept: { from: ["VALIDATING"], to: "VALIDATED" },
  reject: { from: ["VALIDATING"], to: "FAILED_VALIDATION" },
  start: { from: ["VALIDATED"], to: "STARTED" },
  run: { from: ["STARTED"], to: "RUNNING" },
  succeed: { from: ["RUNNING", "CANCELLATION_REQUESTED"], to: "SUCCESS" },
  fail: { from: ["STARTED", "RUNNING"], to: "FAILED" },
  cancel: { from: ["QUEUED", "VALIDATING", "VALIDATED", "STARTED"], to: "CANCELLED" },
  askToCancel: { from: ["RUNNING"], to: "CANCELLATION_REQUESTED" },
  endCancelled: { from: ["CANCELLATION_REQUESTED"], to: "CANCELLED" },
} as const satisfies Record<string, { from: readonly TuningStatus[]; to: TuningStatus }>;

export type Transition = keyof typeof transitions;

export const isPossible = (transition: Transition, status: TuningStatus): boolean =>
  (transitions[transition].from as readonly TuningStatus[]).includes(status);

/** Days after which a job that no one starts is cancelled. */
export const startDays = 30;

/** Whether a model could be made of a checkpoint before the end: some servers tell of theirs, and give out none. */
export const isUsable = (trainerKind: Job["trainerKind"], { isElsewhere }: { isElsewhere: boolean }): boolean =>
  trainerKind !== "forward" || isElsewhere;

export const unusableWords =
  "The server that trains this model gives it out at the end alone, so what it has learned by now cannot be kept. Let it go on, or cancel it.";
