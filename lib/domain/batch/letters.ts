import type { BatchStatus } from "#db/schema/batch.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { formatEuros } from "#lib/core/money.ts";
import type { Batch } from "./rules.ts";

type Addressee = { name: string; email: string };

const common = ({ organizationId, workspaceId, id }: Batch) => ({
  link: { label: "See the batch", path: `/${workspaceId}/batch/${id}` },
  organizationId,
});

const endings: Partial<Record<BatchStatus, { kind: string; subject: string }>> = {
  SUCCESS: { kind: "batch.completed", subject: "is done" },
  FAILED: { kind: "batch.failed", subject: "has failed" },
  TIMEOUT_EXCEEDED: { kind: "batch.expired", subject: "has run out of time" },
  CANCELLED: { kind: "batch.cancelled", subject: "was cancelled" },
};

const counted = (count: number): string => count.toLocaleString("en-IE");

function figures({ succeededRequests, failedRequests, totalRequests, costPico }: Batch): string {
  const answered = `${counted(succeededRequests)} of ${counted(totalRequests)} requests were answered`;
  const refused = failedRequests > 0 ? `, and ${counted(failedRequests)} stand in the file of errors` : "";
  return `${answered}${refused}. ${costPico === 0n ? "It cost nothing." : `It cost ${formatEuros(costPico)}.`}`;
}

export function endedLetter(to: Addressee, name: string, batch: Batch): Letter | null {
  const ending = endings[batch.status];
  if (!ending) return null;
  const before = [...(batch.failure ? [batch.failure] : []), figures(batch)];
  return compose({ kind: ending.kind, to, subject: `The batch ${name} ${ending.subject}`, before, ...common(batch) });
}

export const waitingLetter = (to: Addressee, name: string, batch: Batch, problem: string): Letter =>
  compose({
    kind: "batch.waiting-for-limit",
    to,
    subject: `The batch ${name} waits for room in a spend limit`,
    before: [
      problem,
      `It goes on by itself once there is room, until ${batch.expiresAt.toISOString().slice(0, 16).replace("T", " ")} (UTC). What is not answered by then stands in its file of errors.`,
    ],
    ...common(batch),
  });
