import type { Id } from "#db/id.ts";
import type { BatchEndpoint, BatchStatus, batchJobs } from "#db/schema/batch.ts";
import { micros, type Price } from "#lib/core/money.ts";

/** A batch as other rooms name it, and as it is kept. */
export type BatchRef = { organizationId: Id<"organization">; id: Id<"batch"> };
export type Batch = typeof batchJobs.$inferSelect;

const ended: ReadonlySet<BatchStatus> = new Set(["SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED"]);
export const isEnded = (status: BatchStatus): boolean => ended.has(status);

/** Every way a batch can go on: from which states, and to which. Nothing else changes the status of one. */
export const transitions = {
  run: { from: ["QUEUED"], to: "RUNNING" },
  succeed: { from: ["RUNNING", "CANCELLATION_REQUESTED"], to: "SUCCESS" },
  fail: { from: ["QUEUED", "RUNNING", "CANCELLATION_REQUESTED"], to: "FAILED" },
  expire: { from: ["QUEUED", "RUNNING"], to: "TIMEOUT_EXCEEDED" },
  cancel: { from: ["QUEUED"], to: "CANCELLED" },
  askToCancel: { from: ["RUNNING"], to: "CANCELLATION_REQUESTED" },
  endCancelled: { from: ["CANCELLATION_REQUESTED"], to: "CANCELLED" },
} as const satisfies Record<string, { from: readonly BatchStatus[]; to: BatchStatus }>;

export type Transition = keyof typeof transitions;

export const isPossible = (transition: Transition, status: BatchStatus): boolean =>
  (transitions[transition].from as readonly BatchStatus[]).includes(status);

/** Half of a price, each part rounded down: what a batch asks costs never more than half. */
export const halved = ({ inputMicros, cachedInputMicros, outputMicros }: Price): Price => ({
  inputMicros: micros(inputMicros / 2n),
  cachedInputMicros: micros(cachedInputMicros / 2n),
  outputMicros: micros(outputMicros / 2n),
});

/** Requests that are sent with the job itself, and lines that may wait in an organization at once. */
export const inlineMost = 10_000;
export const waitingLinesMost = 1_000_000;

/** What an address of the API is called in usage, and which permission it asks for. */
export const endpointNames = {
  "/v1/chat/completions": "Chat completions",
  "/v1/embeddings": "Embeddings",
  "/v1/fim/completions": "Fill in the middle",
} as const satisfies Record<BatchEndpoint, string>;

/** A line is given up after so many processes died at it. */
const attemptsMost = 3;
export const isGivenUp = ({ attempts }: { attempts: number }): boolean => attempts > attemptsMost;

/** For a process that does not renew any more. */
export const leaseSeconds = 30;

export const completedOf = ({
  succeededRequests,
  failedRequests,
}: Pick<Batch, "succeededRequests" | "failedRequests">): number => succeededRequests + failedRequests;

/** Whole per cent of the lines that have an answer or a refusal. */
export const percentOf = (batch: Pick<Batch, "succeededRequests" | "failedRequests" | "totalRequests">): number =>
  batch.totalRequests === 0 ? 0 : Math.min(100, Math.floor((completedOf(batch) * 100) / batch.totalRequests));
