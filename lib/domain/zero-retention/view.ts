import type { Id } from "#db/id.ts";
import type { StatefulClass } from "#db/schema/zero-retention.ts";
import type { EndReason, State } from "./rules.ts";

export type Scope = "organization" | "workspace" | "on_request";

/** One line of what both sides wrote. */
export type Message = { from: "customer" | "staff"; name: string; at: Date; text: string };

/** One attempt at a step of putting it into force. */
export type StepView = {
  step: "drain" | "purge" | "verify";
  attempt: number;
  startedAt: Date;
  endedAt: Date | null;
  outcome: "done" | "failed" | null;
  facts: Record<string, unknown> | null;
};

export type RequestView = {
  id: Id<"zeroRetention">;
  scope: Scope;
  workspaceId: Id<"workspace"> | null;
  workspaceName: string | null;
  reason: "regulator" | "contract" | "secrecy" | "health" | "security" | "other";
  dataClasses: ("personal" | "health" | "financial" | "legal" | "source_code" | "other")[];
  keepClasses: StatefulClass[];
  state: State;
  createdAt: Date;
  requesterName: string;
  /** Null where the reader may not see what was written. */
  words: string | null;
  messages: Message[];
  /** One of two people has approved. */
  hasFirstApproval: boolean;
  decidedAt: Date | null;
  decidedReason: string | null;
  activeAt: Date | null;
  evidence: Record<string, unknown> | null;
  stuckOn: string | null;
  brokenAt: Date | null;
  verifiedAt: Date | null;
  endsAt: Date | null;
  endedAt: Date | null;
  endReason: EndReason | null;
  steps: StepView[];
};

/** Whether something of a workspace is kept, and why not. */
export type Standing = { isInForce: boolean; since: Date | null; by: "organization" | "workspace" | "order" | null };
