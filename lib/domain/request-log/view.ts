import type { Id } from "#db/id.ts";

export type Outcome = "answered" | "aborted" | "failed" | "refused";

/** A request as the log lists it: figures only, never content. */
export type RequestView = {
  id: Id<"request">;
  at: Date;
  keyId: Id<"key">;
  keyName: string | null;
  endUser: string | null;
  endpoint: string;
  model: string;
  requestedModel: string;
  streamed: boolean;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  costPico: bigint;
  latencyMs: number;
  firstByteMs: number | null;
  status: number;
  outcome: Outcome;
  reason: string | null;
};

/** With its arithmetic, and what the limits were when it was let in or refused. */
export type RequestDetail = RequestView & {
  ownerName: string | null;
  inputMicros: number;
  cachedInputMicros: number;
  outputMicros: number;
  waivedPico: bigint;
  heldPico: bigint;
  clampedTokens: number | null;
  limitScope: "key" | "workspace" | "organization" | null;
  limitLeftPico: bigint | null;
  requestsLeft: number | null;
  tokensLeft: number | null;
  address: string;
  agent: string;
  clause: string;
  trainingEligible: boolean;
  agentId: Id<"agent"> | null;
  agentVersion: number | null;
  /** Whether its tokens were counted here, because the engine did not tell them. */
  estimated: boolean;
};

export const outcomeWords: Record<Outcome, string> = {
  answered: "Answered",
  aborted: "Aborted",
  failed: "Failed",
  refused: "Refused",
};

/** What each name of an endpoint stands for, as the filter offers it. */
export const endpointWords: Record<string, string> = {
  chat: "Chat completions",
  agents: "Agent completions",
  conversations: "Conversations",
  fim: "Fill in the middle",
  embeddings: "Embeddings",
};

const seconds = new Intl.NumberFormat("en-IE", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** "840 ms", "3.20 s". */
export const durationWords = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${seconds.format(ms / 1000)} s`);
