import type { Id } from "#db/id.ts";
import type { BatchEndpoint } from "#db/schema/batch.ts";
import type { LineResult } from "#lib/domain/batch/results/rules.ts";
import type { BatchRef } from "#lib/domain/batch/rules.ts";

/** A process's turn at a batch: of all turns only the one with the highest number may write. */
export type BatchClaim = BatchRef & {
  number: number;
  workspaceId: Id<"workspace">;
  keyId: Id<"key">;
  endpoint: BatchEndpoint;
  isOfAgent: boolean;
};

/** What the process is to do next. */
export type BatchOrders = "go_on" | "cancel" | "expire" | "lost";

/** A request with the id and the instant that were allotted to it. */
export type AllottedLine = {
  line: number;
  requestId: Id<"request">;
  at: Date;
  customId: string | null;
  body: Record<string, unknown>;
};

/** What came of a request, and what it took. */
export type Answer = LineResult & {
  line: number;
  costPico: bigint;
  tokens: { promptTokens: number; cachedTokens: number; completionTokens: number };
};

/** How a process ends a batch. */
export type BatchOutcome =
  | { outcome: "done" }
  | { outcome: "cancelled" }
  | { outcome: "expired" }
  | { outcome: "failed"; failure: string };
