import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type ConnectionFacts = {
  live: number;
  failing: number;
  off: number;
  failingSince: Date | null;
  reporting: number;
};

const page = [proof("Integrations", "organization/integrations")];

function health({ live, failing, off, failingSince }: ConnectionFacts) {
  if (live + off === 0) return shown("not_applicable", "Nothing is connected.", { proofs: page });
  const words = `${counted(live, "place is", "places are")} told of events; ${failing} failing, ${off} switched off.`;
  return shown(failing + off > 0 ? "at_risk" : "running", words, { at: failingSince, proofs: page });
}

function services({ live, off, reporting }: ConnectionFacts) {
  if (live + off + reporting === 0)
    return shown("open", "No service of others is used through the platform.", { proofs: page });
  return shown(
    "running",
    `${counted(live + off, "place")} of yours told of events, ${counted(reporting, "fine-tuning job")} reported to your own account elsewhere.`,
    { proofs: page },
  );
}

export const connectionRows = (facts: ConnectionFacts): EvidenceOf<"integrations"> => ({
  "T-1-TPS": services(facts),
  "T-4.2.1-TPS1": health(facts),
  "T-4.2.1-TPS2": shown("text", "Services of others are run by others, under their terms."),
});
