import type { Id } from "#db/id.ts";
import type { TrainerKind } from "#db/schema/tuning.ts";

/** A trainer's turn at a job: what it needs to name in everything it reports. */
export type Claim = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  id: Id<"tuningClaim">;
  jobId: Id<"tuningJob">;
  /** Claims of a job are counted: only the last may write. */
  number: number;
  kind: TrainerKind;
  /** The step it goes on from. */
  fromStep: number;
  leaseUntil: Date;
  endedAt: Date | null;
  /** Names at another server that the claims before it learned. */
  upstream: Readonly<Record<string, string>>;
};

/** What names a claim in a report. */
export type ClaimRef = Pick<Claim, "organizationId" | "id" | "number">;
