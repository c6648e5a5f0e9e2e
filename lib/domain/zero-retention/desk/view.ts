import type { Id } from "#db/id.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import type { RequestView } from "#lib/domain/zero-retention/view.ts";

/** A request at the desk, without what the customer wrote where no reason to look at that customer is open. */
export type DeskRequest = RequestView & {
  organizationId: Id<"organization">;
  organizationName: string;
  plan: Plan;
  isHidden: boolean;
  claimedByName: string | null;
  alarmedAt: Date | null;
  /** Why this person cannot decide about it; null where they can. */
  reviewProblem: string | null;
};
