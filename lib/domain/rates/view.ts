import type { Id } from "#db/id.ts";

/** The three limits a person can ask for, grant or set; null leaves one as it is. */
export type RateNumbers = {
  requestsPerSecond: number | null;
  tokensPerMinute: number | null;
  tokensPerMonth: number | null;
};

export type RateRequestState = "submitted" | "granted" | "denied" | "withdrawn";

/** What a request says, for the person who may see it. */
export type RateRequestView = RateNumbers & {
  id: Id<"rateRequest">;
  /** Null: of every model. */
  model: string | null;
  useCase: string;
  state: RateRequestState;
  answer: string | null;
  decidedAt: Date | null;
  createdAt: Date;
  requesterName: string;
};

/** Tighter limits that a workspace has set for itself. */
export type WorkspaceRates = RateNumbers & { id: Id<"override">; model: string | null; createdAt: Date };
