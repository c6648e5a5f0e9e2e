import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

export type RateEvidenceFacts = {
  plan: Plan;
  /** What our people or an order decided, in force now. */
  decided: number;
  decidedUntil: Date | null;
  request: { state: "submitted" | "granted" | "denied" | "withdrawn"; createdAt: Date; decidedAt: Date | null } | null;
  limits: number;
  changesAt: Date | null;
};

const page = [proof("Limits", "limits")];

function asked({ decided, decidedUntil, request }: RateEvidenceFacts) {
  const next = decidedUntil && { at: decidedUntil, words: "A decision ends" };
  const own = decided > 0 ? ` ${counted(decided, "decision is", "decisions are")} in force.` : "";
  if (request === null)
    return shown(decided > 0 ? "running" : "open", `You have not asked for more.${own}`, { next, proofs: page });
  if (request.state === "submitted")
    return shown("running", `Your request is looked into.${own}`, { at: request.createdAt, next, proofs: page });
  return shown("kept", `Your last request was ${request.state}.${own}`, { at: request.decidedAt, next, proofs: page });
}

const limited = ({ limits, changesAt }: RateEvidenceFacts) =>
  shown("running", `${counted(limits, "limit")} can refuse a request, read by the page and the gate alike.`, {
    next: changesAt && { at: changesAt, words: "Limits can change" },
    proofs: page,
  });

export const rateRows = (facts: RateEvidenceFacts): EvidenceOf<"rates"> => ({
  "T-4.2.1-RL": asked(facts),
  "T-4.2.2.1-RL":
    facts.plan === "free"
      ? shown("running", "At a limit requests wait until it resets, or until you move to the paid plan.", {
          proofs: page,
        })
      : shown("not_applicable", "Your plan is not free."),
  "T-4.2.2.2-RL": facts.plan === "free" ? shown("not_applicable", "Your plan is free.") : limited(facts),
});
