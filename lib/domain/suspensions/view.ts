import type { suspensions } from "#db/schema/abuse.ts";

export type Suspension = typeof suspensions.$inferSelect;
/** What the customer sees: not which of the staff it was. */
export type SeenSuspension = Pick<
  Suspension,
  | "id"
  | "state"
  | "reason"
  | "clause"
  | "words"
  | "requestIds"
  | "startedAt"
  | "reviewOn"
  | "appeal"
  | "appealedAt"
  | "appealDueAt"
  | "appealDecision"
  | "appealAnswer"
  | "appealDecidedAt"
  | "endedAt"
  | "endedWords"
>;
export type DeskSuspension = Suspension & { organizationName: string; names: Readonly<Record<string, string>> };
