import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import type { EndUserMode } from "#lib/domain/end-users/rules.ts";

export type EndUserFacts = { endUsers: number; mode: EndUserMode; isZeroRetention: boolean };

function seen({ endUsers, mode, isZeroRetention }: EndUserFacts) {
  const proofs = [proof("Usage", "usage"), proof("Settings", "organization/settings#end-users")];
  if (isZeroRetention) return shown("running", "End users are not kept, by zero data retention.", { proofs });
  if (mode === "drop") return shown("running", "End users are not kept, as you chose.", { proofs });
  if (endUsers === 0) return shown("open", "No request of the last 30 days named an end user.", { proofs });
  const how = mode === "hash" ? ", kept as codes alone" : "";
  return shown("running", `${counted(endUsers, "end user")} named in the last 30 days${how}.`, { proofs });
}

export const usageRows = (facts: EndUserFacts): EvidenceOf<"usage"> => ({ "T-4.2.1-EU": seen(facts) });
