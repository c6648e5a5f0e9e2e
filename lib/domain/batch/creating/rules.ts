import type { BatchEndpoint } from "#db/schema/batch.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { AppError } from "#lib/core/errors.ts";
import { waitingLinesMost } from "#lib/domain/batch/rules.ts";
import { entitlements, type Plan } from "#lib/domain/organizations/plan/rules.ts";

const permissions = {
  "/v1/chat/completions": "completions.create",
  "/v1/fim/completions": "completions.create",
  "/v1/embeddings": "embeddings.create",
} as const satisfies Record<BatchEndpoint, Permission>;

/** What a key must be allowed for its requests to be asked. */
export const askingOf = (endpoint: BatchEndpoint, isOfAgent: boolean): Permission =>
  isOfAgent ? "agents.use" : permissions[endpoint];

/** A request that came with the job, as a line of a file. */
export const requestLine = ({ custom_id, body }: { custom_id: string | null; body: object }): string =>
  `${JSON.stringify(custom_id === null ? { body } : { custom_id, body })}\n`;

/** How much an organization has under way at once. */
export function refuseBeyond(plan: Plan, active: { batches: number; lines: number }, more: number): void {
  const { batchesMax } = entitlements[plan];
  if (active.batches >= batchesMax) {
    const words = batchesMax === 1 ? "one batch" : `${batchesMax} batches`;
    const message = `Your plan has ${words} under way at a time. Wait until one has ended, or cancel one.`;
    throw new AppError("forbidden", message, { code: "plan_limit" });
  }
  if (active.lines + more <= waitingLinesMost) return;
  const most = waitingLinesMost.toLocaleString("en-IE");
  const waiting = active.lines.toLocaleString("en-IE");
  const message = `Up to ${most} requests can wait at a time, and ${waiting} do. Wait until some are answered, or split the file.`;
  throw new AppError("forbidden", message, { code: "batch_lines" });
}
