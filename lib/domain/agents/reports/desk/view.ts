import type { Id } from "#db/id.ts";
import type { Reason } from "#lib/domain/agents/reports/input.ts";

/** A report of an agent's name, as staff decide about it. */
export type DeskReport = {
  id: Id<"agentReport">;
  organizationId: Id<"organization">;
  organizationName: string;
  agentId: Id<"agent">;
  name: string;
  handle: string;
  /** What it is called now; null: it is deleted. */
  currentName: string | null;
  currentHandle: string | null;
  reason: Reason;
  details: string;
  reportedAt: Date;
  decision: "renamed" | "dismissed" | "deleted" | null;
  answer: string | null;
  decidedAt: Date | null;
  decidedByName: string | null;
  /** No reason to look at that customer is open: its own words are left out. */
  isHidden: boolean;
};
