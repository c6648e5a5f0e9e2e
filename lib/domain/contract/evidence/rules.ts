import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

export type SourceFacts = {
  plan: Plan;
  canShare: boolean;
  canTune: boolean;
  /** The documents that state values now, the first of them first. */
  titles: readonly string[];
  overruled: number;
};

function offers({ plan, canShare, canTune }: SourceFacts) {
  const tuning = canTune ? "fine-tuning" : "no fine-tuning, as no model can be tuned";
  const agents = canShare ? "agents, shared as you choose" : "agents, each for its owner alone";
  return shown("running", `On the ${plan} plan: models, ${tuning}, ${agents}, and the services around them.`, {
    proofs: [proof("Models", "models"), proof("Prices and plan", "organization/billing/prices")],
  });
}

function order({ titles, overruled }: SourceFacts) {
  if (titles.length === 0) return shown("running", "No document states values of its own; the plan's apply.");
  return shown("running", `${titles.join(", then ")}; ${counted(overruled, "value")} overruled.`, {
    proofs: [proof("Values", "organization/contract#values")],
  });
}

export const contractRows = (facts: SourceFacts): EvidenceOf<"contract"> => ({
  "T-PRE-1": offers(facts),
  "T-2-PREC": order(facts),
});
