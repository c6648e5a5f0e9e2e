import type { abuseReasons } from "#db/schema/abuse.ts";
import { addDays, startOfDay } from "#lib/core/clock.ts";

export type AbuseReason = (typeof abuseReasons)[number];

/** Why access is taken away, in words for customer and staff. */
export const reasonTitles: Record<AbuseReason, string> = {
  child_safety: "Sexual content about minors",
  violence: "Threats or incitement to violence",
  weapons: "Weapons that harm many",
  malware: "Malicious software",
  fraud: "Fraud or impersonation",
  spam: "Spam or manipulation at scale",
  privacy: "Spying on people or exposing them",
  self_harm: "Encouraging self-harm",
  circumvention: "Circumventing limits or safeguards",
  other: "Another breach of the terms",
};

/** How long after it began staff look at a suspension again of their own. */
export const reviewDays = 30;
/** How many working days an appeal may wait for its answer. */
export const appealWorkingDays = 5;

type Reviewed = { reviewOn: string; appealDueAt: Date | null; appealDecision: string | null };

/** By when staff have to look at it: until the end of its day of review, and sooner where an appeal waits. */
export function reviewDue({ reviewOn, appealDueAt, appealDecision }: Reviewed): Date {
  const review = addDays(startOfDay(reviewOn), 1);
  return appealDueAt && appealDecision === null && appealDueAt < review ? appealDueAt : review;
}

type Signed = { proposedBy: string; confirmedBy: string | null };

/** Who proposed a suspension, or put it in force, does not judge the appeal against it. */
export const mayJudge = ({ proposedBy, confirmedBy }: Signed, person: string): boolean =>
  person !== proposedBy && person !== confirmedBy;
