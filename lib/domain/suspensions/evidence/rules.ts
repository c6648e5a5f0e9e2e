import { type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type UseFacts = {
  status: "active" | "suspended" | "terminated";
  startedAt: Date | null;
  appealedAt: Date | null;
  appealDueAt: Date | null;
  decidedAt: Date | null;
  now: Date;
};

const page = [proof("Suspension", "organization/suspension")];

function use({ status, startedAt, appealedAt, appealDueAt, decidedAt, now }: UseFacts) {
  if (status === "terminated") return shown("not_applicable", "The agreement has ended, and the right with it.");
  if (status === "active") return shown("running", "The right is not restricted.");
  const more = { at: startedAt, proofs: page };
  if (!appealedAt) return shown("due", "Access is suspended. You can read why, and appeal.", more);
  if (decidedAt) return shown("running", "Access is suspended; the appeal was decided.", more);
  const next = appealDueAt && { at: appealDueAt, words: "The appeal is to be decided" };
  const isLate = appealDueAt !== null && appealDueAt <= now;
  return shown(
    isLate ? "broken" : "running",
    `Access is suspended; the appeal ${isLate ? "is overdue" : "is looked into"}.`,
    {
      ...more,
      next,
    },
  );
}

export const rightRows = (facts: UseFacts): EvidenceOf<"suspensions"> => ({ "T-4.1-USE": use(facts) });
