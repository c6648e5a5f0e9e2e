import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type EndUserFacts = { endUsers: number; isZeroRetention: boolean };

function seen({ endUsers, isZeroRetention }: EndUserFacts) {
  const proofs = [proof("Usage", "usage")];
  if (isZeroRetention) return shown("running", "End users are not kept, by zero data retention.", { proofs });
  if (endUsers === 0) return shown("open", "No request of the last 30 days named an end user.", { proofs });
  return shown("running", `${counted(endUsers, "end user")} named in the last 30 days, kept as you sent them.`, {
    proofs,
  });
}

export const usageRows = (facts: EndUserFacts): EvidenceOf<"usage"> => ({ "T-4.2.1-EU": seen(facts) });
