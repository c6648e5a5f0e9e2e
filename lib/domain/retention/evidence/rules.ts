import { counted, type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import { addDays } from "#lib/core/clock.ts";

/** What is kept of one kind: how many requests, and the hour of the oldest. */
export type Kept = { requests: number; oldest: Date | null };

export type ContentFacts = { training: Kept; others: Kept; days: number; isFree: boolean; now: Date };

const page = [proof("Privacy", "organization/privacy")];
/** An hour goes as a whole, within the hour after its time is over. */
const graceMs = 3_600_000;

function kept({ requests, oldest }: Kept, words: string, { days, now }: ContentFacts): Evidence {
  const purgeAt = oldest && addDays(oldest, days);
  const isLate = purgeAt !== null && purgeAt.getTime() + graceMs < now.getTime();
  const next = purgeAt && { at: purgeAt, words: "The oldest is deleted" };
  if (isLate) return shown("broken", "Something is kept for longer than agreed.", { at: oldest, next, proofs: page });
  return shown("running", `${counted(requests, "request is", "requests are")} kept, ${words}.`, {
    at: oldest,
    next,
    proofs: page,
  });
}

export function contentRows(facts: ContentFacts): EvidenceOf<"retention"> {
  const { training, others, isFree } = facts;
  const none = shown("open", "Nothing is kept.", { proofs: page });
  return {
    "T-4.2.2.1-D1":
      training.requests > 0
        ? kept(training, "and may train models", facts)
        : isFree
          ? none
          : shown("not_applicable", "Your plan is not free: nothing that is kept may train."),
    "T-4.2.2.2-D1":
      others.requests > 0
        ? kept(others, "and never trains models", facts)
        : isFree
          ? shown("not_applicable", "Your plan is free.")
          : none,
  };
}
