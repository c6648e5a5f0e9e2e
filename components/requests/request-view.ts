import type { Tone } from "#components/ui/notice.tsx";

export type Outcome = "answered" | "aborted" | "failed" | "refused";

/** A request as the log lists it: figures only, never content. */
export type RequestView = {
  id: string;
  at: Date;
  keyId: string;
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

export type RequestDetailView = RequestView & {
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
};

export const outcomeWords: Record<Outcome, string> = {
  answered: "Answered",
  aborted: "Aborted",
  failed: "Failed",
  refused: "Refused",
};

export const outcomeTones: Record<Outcome, Tone> = {
  answered: "good",
  aborted: "warn",
  failed: "bad",
  refused: "neutral",
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
