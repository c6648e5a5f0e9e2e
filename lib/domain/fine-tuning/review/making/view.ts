import type { Id } from "#db/id.ts";
import type { TrainerKind } from "#db/schema/tuning.ts";

/** A process's turn at a review. */
export type ReviewClaim = {
  organizationId: Id<"organization">;
  jobId: Id<"tuningJob">;
  step: number;
  /** Counts up; of the turns at a review only the last may write. */
  attempts: number;
  /** Who trained it: what the embedded trainer did not is asked elsewhere. */
  kind: TrainerKind;
};
