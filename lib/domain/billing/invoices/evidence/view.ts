import type { UsageKind } from "#db/schema/usage.ts";

/** The requests of one month, workspace, model and price, or its fees of one kind: what lines of an invoice sum. */
export type UsageGroup = {
  month: string;
  workspaceId: string;
  workspaceName: string;
  model: string;
  modelName: string;
  inputMicros: bigint;
  cachedInputMicros: bigint;
  outputMicros: bigint;
  kind: UsageKind;
};

/** A group rated anew from its events, beside what documents have of it. */
export type RatedGroup = UsageGroup & {
  requests: number;
  /** Tokens of all events at their prices, less what a limit forbade to bill. */
  ratedPico: bigint;
  /** Of this month, workspace, model and price on all documents together. */
  invoicedPico: bigint;
  /** Metered and on no document yet: what came late, and goes to the next one. */
  pendingPico: bigint;
  /** Nothing, where every document has exactly what its requests cost. */
  differencePico: bigint;
};

/** A request behind an invoice, as its file has it; never with its content. */
export type BilledEvent = {
  id: string;
  at: Date;
  workspaceId: string;
  /** Null: of the console. */
  keyId: string | null;
  endUser: string | null;
  endpoint: string;
  model: string;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  inputMicros: number;
  cachedInputMicros: number;
  outputMicros: number;
  costPico: bigint;
  waivedPico: bigint;
  kind: UsageKind;
  jobId: string | null;
  quantity: number;
  feePico: bigint;
};
