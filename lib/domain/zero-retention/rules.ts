import { addMinutes, addWorkingDays } from "#lib/core/clock.ts";

/** Where a request for zero retention stands (T-4.2.2.2-ZDR2). */
export type State =
  | "submitted"
  | "in_review"
  | "asked"
  | "approved"
  | "implementing"
  | "active"
  | "ending"
  | "ended"
  | "denied"
  | "withdrawn"
  | "revoked";

/** What can happen to a request. `sign` is an approval that waits for a second one. */
export type Act =
  | "claim"
  | "ask"
  | "answer"
  | "sign"
  | "approve"
  | "deny"
  | "withdraw"
  | "begin"
  | "activate"
  | "giveNotice"
  | "revoke"
  | "end";

/** From which states an act is possible, and where it leads; every other edge is forbidden. */
const edges: Record<Act, { from: readonly State[]; to: State }> = {
  claim: { from: ["submitted", "in_review"], to: "in_review" },
  ask: { from: ["in_review"], to: "asked" },
  answer: { from: ["asked"], to: "in_review" },
  sign: { from: ["in_review"], to: "in_review" },
  approve: { from: ["in_review"], to: "approved" },
  deny: { from: ["in_review", "asked"], to: "denied" },
  withdraw: { from: ["submitted", "in_review", "asked", "approved", "implementing"], to: "withdrawn" },
  begin: { from: ["approved", "implementing"], to: "implementing" },
  activate: { from: ["implementing"], to: "active" },
  giveNotice: { from: ["active"], to: "ending" },
  revoke: { from: ["approved", "implementing", "active", "ending"], to: "revoked" },
  end: { from: ["submitted", "in_review", "asked", "approved", "implementing", "active", "ending"], to: "ended" },
};

export const acts = Object.keys(edges) as Act[];

/** The state after an act, or null where it cannot happen. */
export const after = (state: State, act: Act): State | null => (edges[act].from.includes(state) ? edges[act].to : null);

/** Nothing can happen any more; the customer may ask again at once. */
export const finalStates = ["ended", "denied", "withdrawn", "revoked"] as const satisfies State[];
export const isFinal = (state: State): boolean => (finalStates as readonly State[]).includes(state);

/** Waits for a decision. */
export const isUndecided = (state: State): boolean => ["submitted", "in_review", "asked"].includes(state);

/** From approval to the end nothing of the scope is stored: retention goes off before everything else is done. */
export const isInForce = (state: State): boolean => ["approved", "implementing", "active", "ending"].includes(state);

/** Who reviews: a person of the staff who is no member of the customer and did not ask themselves. */
export type Reviewer = { id: string; isMember: boolean };
type Reviewed = { requesterId: string; firstApprover: string | null };

/** Why a person cannot decide about a request, in words for them; null where they can. */
export function reviewProblem(
  { requesterId }: Pick<Reviewed, "requesterId">,
  { id, isMember }: Reviewer,
): string | null {
  if (id === requesterId) return "You made this request, so another person decides about it.";
  if (isMember) return "You are a member of this customer, so another person decides about its request.";
  return null;
}

/** What an approval does: a first signature where two are needed, the decision otherwise; null from the same person twice. */
export function approvalBy({ firstApprover }: Pick<Reviewed, "firstApprover">, id: string, needed: number): Act | null {
  if (needed === 1) return "approve";
  if (firstApprover === null) return "sign";
  return firstApprover === id ? null : "approve";
}

export type EndReason = "customer" | "plan" | "contract" | "abuse" | "legal" | "other";

/** Staff may end it at once for these reasons alone; for all others the customer has the notice. */
export const isAtOnce = (reason: EndReason): boolean => reason === "abuse" || reason === "legal";
export const noticeDays = 30;

/** How long to wait after the nth attempt at putting it into force has failed. */
export const retryMinutes = (attempt: number): number => [1, 5, 15, 60][attempt - 1] ?? 60;
export const alarmHours = 4;

type Waited = { createdAt: Date; waitedMs: number };
const reviewWorkingDays = 5;

/** By when a request is to be decided; what the customer took to answer a question does not count. */
export const reviewDue = ({ createdAt, waitedMs }: Waited): Date =>
  new Date(addWorkingDays(createdAt, reviewWorkingDays).getTime() + waitedMs);

/** By when what was approved is to be in force. */
export const implementDue = (decidedAt: Date): Date => addMinutes(decidedAt, alarmHours * 60);

/** Which clock runs in a state: none while the word is with the customer. */
export function clockIn(state: State): "zdr.review" | "zdr.implement" | null {
  if (state === "submitted" || state === "in_review") return "zdr.review";
  return state === "approved" || state === "implementing" ? "zdr.implement" : null;
}

export const reasonTitles = {
  regulator: "A regulator or a law",
  contract: "A contract with own customers",
  secrecy: "Professional secrecy",
  health: "Health data",
  security: "An own security policy",
  other: "Something else",
} as const satisfies Record<string, string>;

export const dataTitles = {
  personal: "Personal data",
  health: "Health data",
  financial: "Financial data",
  legal: "Legal documents",
  source_code: "Source code",
  other: "Other",
} as const satisfies Record<string, string>;

export const scopeTitles = {
  organization: "The whole organization",
  workspace: "One workspace",
  on_request: "Requests that ask for it",
} as const satisfies Record<string, string>;

export const stateTitles: Record<State, string> = {
  submitted: "Submitted",
  in_review: "In review",
  asked: "Question for you",
  approved: "Approved",
  implementing: "Being put into force",
  active: "Active",
  ending: "Active, ends",
  ended: "Ended",
  denied: "Denied",
  withdrawn: "Withdrawn",
  revoked: "Revoked",
};

export const endTitles: Record<EndReason, string> = {
  customer: "The customer ended it",
  plan: "The plan changed to free",
  contract: "The contract ended",
  abuse: "Signs of abuse",
  legal: "The law, a court or an authority asks for it",
  other: "Another reason",
};
