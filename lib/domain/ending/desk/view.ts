import type { Id } from "#db/id.ts";
import type { endingDecisions, terminations } from "#db/schema/contract.ts";

type Named = { organizationName: string };

/** What was proposed about a customer's agreement, with the names of those who did. */
export type DeskDecision = typeof endingDecisions.$inferSelect & Named & { proposedName: string | null };

export type DeskEnding = Pick<
  typeof terminations.$inferSelect,
  "organizationId" | "id" | "kind" | "clause" | "noticedAt" | "endsAt" | "words" | "appliedAt" | "finalizedAt"
> &
  Named;

/** What waits for a second person, and the ends that are coming or were lately. */
export type EndingDesk = { decisions: DeskDecision[]; endings: DeskEnding[] };

export type DecisionName = { organizationId: Id<"organization">; id: Id<"endingDecision"> };
