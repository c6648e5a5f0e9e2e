import type { BatchStatus } from "#db/schema/batch.ts";
import type { BatchOutcome } from "#lib/domain/batch/claims/view.ts";
import type { Transition } from "#lib/domain/batch/rules.ts";

type End = {
  transition: Extract<Transition, "succeed" | "fail" | "expire" | "endCancelled">;
  failure: string | null;
};

type Sums = { succeededRequests: number; failedRequests: number };

/** How a batch ends. A wrong line does not fail it, but where every line is wrong nothing has succeeded. */
export function endOf(outcome: BatchOutcome, status: BatchStatus, { succeededRequests, failedRequests }: Sums): End {
  if (outcome.outcome === "failed") return { transition: "fail", failure: outcome.failure };
  const isCancelled = status === "CANCELLATION_REQUESTED" && outcome.outcome !== "done";
  if (isCancelled) return { transition: "endCancelled", failure: null };
  if (outcome.outcome === "expired") return { transition: "expire", failure: null };
  if (succeededRequests === 0 && failedRequests > 0)
    return { transition: "fail", failure: "Every request was refused. The file of errors says why, line by line." };
  return { transition: "succeed", failure: null };
}
