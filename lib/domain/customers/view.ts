import type { Id } from "#db/id.ts";
import type { tickets } from "#db/schema/help.ts";
import type { letters } from "#db/schema/notices.ts";
import type { Pico } from "#lib/core/money.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import type { CustomerState } from "./rules.ts";
import type { Waiting } from "./waiting/view.ts";

export type CustomerRow = { id: Id<"organization">; name: string; state: CustomerState; createdAt: Date };

/** A customer as staff see them under a look: who and how many, never what was asked or built. */
export type CustomerOverview = {
  plan: Plan;
  customerType: "business" | "consumer";
  registrationEmail: string;
  firstUseAt: Date | null;
  zeroRetentionSince: Date | null;
  domains: string[];
  counts: { label: string; count: number }[];
  spend: { month: string; pico: Pico }[];
  limit: Pico | null;
  waiting: Waiting[];
  tickets: Pick<typeof tickets.$inferSelect, "id" | "number" | "subject" | "state" | "createdAt">[];
  letters: Pick<typeof letters.$inferSelect, "id" | "kind" | "subject" | "state" | "createdAt">[];
  looks: { id: string; staffName: string; reason: string; words: string; openedAt: Date }[];
};
