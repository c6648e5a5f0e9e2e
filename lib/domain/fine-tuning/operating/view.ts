import type { Id } from "#db/id.ts";
import type { tuningClaims } from "#db/schema/tuning.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";

type ClaimRow = typeof tuningClaims.$inferSelect;

/** A turn at a job, the last first. */
export type OperatedClaim = Pick<
  ClaimRow,
  "id" | "number" | "fromStep" | "claimedAt" | "leaseUntil" | "endedAt" | "outcome"
> & { trainer: string };

/** A job as the operator sees it. */
export type OperatedJob = Pick<
  Job,
  "organizationId" | "workspaceId" | "status" | "model" | "trainerKind" | "trainedSteps" | "failure" | "waitsFor"
> & {
  id: Id<"tuningJob">;
  steps: number | null;
  held: { scope: string; month: string; pico: bigint }[];
  claims: OperatedClaim[];
};
