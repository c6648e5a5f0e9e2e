import type { Id } from "#db/id.ts";

/** A training that failed on our side after months of it were billed: what is due back. */
export type TrainingCredit = {
  organizationId: Id<"organization">;
  organizationName: string;
  job: Id<"tuningJob">;
  endedAt: Date | null;
  failure: string | null;
  duePico: bigint;
};
