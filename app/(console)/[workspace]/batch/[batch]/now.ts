import type { BatchNow } from "#components/batch/batch-now.ts";
import { isEnded } from "#lib/domain/batch/rules.ts";
import type { BatchView } from "#lib/domain/batch/view.ts";

/** What the page of a batch follows. */
export const nowOf = (batch: BatchView): BatchNow => ({
  status: batch.status,
  isOver: isEnded(batch.status),
  total: batch.totalRequests,
  answered: batch.succeededRequests,
  refused: batch.failedRequests,
  tokens: batch.promptTokens + batch.completionTokens,
  costPico: String(batch.costPico),
  waitsFor: batch.waitsFor,
});
