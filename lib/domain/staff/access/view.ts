import type { Id } from "#db/id.ts";

/** For how long, and why, one of the staff may see what belongs to a customer. */
export type Look = {
  id: Id<"look">;
  organizationId: Id<"organization">;
  organizationName: string;
  reason: "ticket" | "request" | "delivery" | "billing" | "abuse" | "legal" | "incident";
  words: string;
  endsAt: Date;
};
