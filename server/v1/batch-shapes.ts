import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import { batchEndpoint, batchStatus } from "#lib/domain/batch/input.ts";
import { completedOf } from "#lib/domain/batch/rules.ts";
import type { BatchView } from "#lib/domain/batch/view.ts";

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const unix = z.number().int().describe("Unix seconds.");
const metadata = z.record(z.string(), z.string()).nullable();
const count = z.number().int();

/** A batch as Mistral's clients know it. */
export const jobShape = z.object({
  id: z.uuid(),
  object: z.literal("batch"),
  input_files: z.array(z.uuid()),
  metadata,
  endpoint: batchEndpoint,
  model: z.string().nullable(),
  agent_id: z.string().nullable(),
  output_file: z.uuid().nullable(),
  error_file: z.uuid().nullable(),
  errors: z
    .array(z.object({ message: z.string(), count }))
    .describe("What was refused, by kind; the file of errors has it line by line."),
  outputs: z
    .array(z.record(z.string(), z.unknown()))
    .nullable()
    .describe("The answers, where `inline=true` asks for them and the batch has ended."),
  status: batchStatus,
  created_at: unix,
  total_requests: count,
  completed_requests: count,
  succeeded_requests: count,
  failed_requests: count,
  started_at: unix.nullable(),
  completed_at: unix.nullable(),
});

const file = (id: BatchView["outputFileId"]): string | null => (id === null ? null : uuidOf(id));
const unixOr = (at: Date | null): number | null => (at === null ? null : seconds(at));

function errorsOf({ errors, failure, waitsFor }: BatchView): { message: string; count: number }[] {
  const said = [failure, waitsFor].flatMap((message) => (message === null ? [] : { message, count: 1 }));
  return [...said, ...Object.entries(errors).map(([message, count]) => ({ message, count }))];
}

export const jobOf = (
  batch: BatchView,
  outputs: Record<string, unknown>[] | null = null,
): z.output<typeof jobShape> => ({
  id: uuidOf(batch.id),
  object: "batch",
  input_files: batch.inputFiles.map((id) => uuidOf(id)),
  metadata: batch.metadata,
  endpoint: batch.endpoint,
  model: batch.model,
  agent_id: batch.agentId,
  output_file: file(batch.outputFileId),
  error_file: file(batch.errorFileId),
  errors: errorsOf(batch),
  outputs,
  status: batch.status,
  created_at: seconds(batch.createdAt),
  total_requests: batch.totalRequests,
  completed_requests: completedOf(batch),
  succeeded_requests: batch.succeededRequests,
  failed_requests: batch.failedRequests,
  started_at: unixOr(batch.startedAt),
  completed_at: unixOr(batch.endedAt),
});

const statuses = {
  QUEUED: "validating",
  RUNNING: "in_progress",
  SUCCESS: "completed",
  FAILED: "failed",
  TIMEOUT_EXCEEDED: "expired",
  CANCELLATION_REQUESTED: "cancelling",
  CANCELLED: "cancelled",
} as const;

const batchErrors = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      param: z.string().nullable(),
      line: z.number().int().nullable(),
    }),
  ),
});

/** The same as OpenAI's clients know it. */
export const batchShape = z.object({
  id: z.uuid(),
  object: z.literal("batch"),
  endpoint: batchEndpoint,
  model: z.string().nullable(),
  errors: batchErrors.nullable(),
  input_file_id: z.uuid(),
  completion_window: z.string(),
  status: z.enum(Object.values(statuses)),
  output_file_id: z.uuid().nullable(),
  error_file_id: z.uuid().nullable(),
  created_at: unix,
  in_progress_at: unix.nullable(),
  expires_at: unix,
  finalizing_at: unix.nullable(),
  completed_at: unix.nullable(),
  failed_at: unix.nullable(),
  expired_at: unix.nullable(),
  cancelling_at: unix.nullable(),
  cancelled_at: unix.nullable(),
  request_counts: z.object({ total: count, completed: count, failed: count }),
  usage: z.object({
    input_tokens: count,
    input_tokens_details: z.object({ cached_tokens: count }),
    output_tokens: count,
    output_tokens_details: z.object({ reasoning_tokens: count }),
    total_tokens: count,
  }),
  metadata,
});

export function batchOnWire(batch: BatchView): z.output<typeof batchShape> {
  const endedAs = (status: BatchView["status"]) => (batch.status === status ? unixOr(batch.endedAt) : null);
  const { promptTokens, cachedTokens, completionTokens, failure } = batch;
  const [input] = batch.inputFiles;
  return {
    id: uuidOf(batch.id),
    object: "batch",
    endpoint: batch.endpoint,
    model: batch.model,
    errors: failure === null ? null : failed(failure),
    input_file_id: input ? uuidOf(input) : "",
    completion_window: `${batch.timeoutHours}h`,
    status: statuses[batch.status],
    output_file_id: file(batch.outputFileId),
    error_file_id: file(batch.errorFileId),
    created_at: seconds(batch.createdAt),
    in_progress_at: unixOr(batch.startedAt),
    expires_at: seconds(batch.expiresAt),
    finalizing_at: endedAs("SUCCESS"),
    completed_at: endedAs("SUCCESS"),
    failed_at: endedAs("FAILED"),
    expired_at: endedAs("TIMEOUT_EXCEEDED"),
    cancelling_at: unixOr(batch.cancelAskedAt),
    cancelled_at: endedAs("CANCELLED"),
    request_counts: {
      total: batch.totalRequests,
      completed: batch.succeededRequests,
      failed: batch.failedRequests,
    },
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: cachedTokens },
      output_tokens: completionTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: promptTokens + completionTokens,
    },
    metadata: batch.metadata,
  };
}

const failed = (message: string): z.output<typeof batchErrors> => ({
  object: "list",
  data: [{ code: "batch_failed", message, param: null, line: null }],
});
