import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type MonitoringFacts = {
  isZeroRetention: boolean;
  flags: number;
  items: number;
  opened: number;
  decided: number;
};

function watched({ isZeroRetention, flags, items, opened, decided }: MonitoringFacts) {
  const proofs = [proof("Monitoring", "organization/privacy/monitoring")];
  if (isZeroRetention) return shown("not_applicable", "Nothing is kept, so nothing is looked through.", { proofs });
  const words = `This month: ${counted(flags, "sign")}, ${counted(items, "item")}, ${opened} opened by our people, ${decided} decided.`;
  return shown("running", words, { proofs });
}

export const monitoringRows = (facts: MonitoringFacts): EvidenceOf<"abuse"> => ({ "T-4.2.2-ABUSE": watched(facts) });
