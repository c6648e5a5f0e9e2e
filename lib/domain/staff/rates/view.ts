import type { Id } from "#db/id.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import type { RateNumbers, RateRequestView } from "#lib/domain/rates/view.ts";

export type DeskRequest = RateRequestView & {
  organizationId: Id<"organization">;
  organizationName: string;
  plan: Plan;
};

/** Without the customer's own words and people where no reason to look at that customer is open. */
export type SeenRequest = DeskRequest & { isHidden: boolean };

export type OverrideInForce = RateNumbers & {
  id: Id<"override">;
  organizationId: Id<"organization">;
  organizationName: string;
  /** Null: of the organization. */
  workspaceId: Id<"workspace"> | null;
  model: string | null;
  source: "purchase_order" | "staff" | "workspace";
  reference: string | null;
  reason: string;
  expiresAt: Date | null;
  createdAt: Date;
};
