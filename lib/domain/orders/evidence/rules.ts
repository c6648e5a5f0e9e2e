import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type OrderFacts = {
  inForce: number;
  coming: number;
  drafts: number;
  over: number;
  signedAt: Date | null;
  endsAt: Date | null;
};

const page = [proof("Orders", "organization/contract#orders")];

function orders({ inForce, coming, drafts, over, signedAt, endsAt }: OrderFacts) {
  const next = endsAt ? { at: endsAt, words: "An order ends" } : null;
  const more = { at: signedAt, next, proofs: page };
  if (inForce > 0) return shown("running", `${counted(inForce, "order is", "orders are")} in force.`, more);
  if (coming > 0) return shown("running", `${counted(coming, "order begins", "orders begin")} later.`, more);
  if (drafts > 0)
    return shown("due", `${counted(drafts, "order waits", "orders wait")} for approval by our people.`, more);
  if (over > 0) return shown("kept", `${counted(over, "order is", "orders are")} over.`, more);
  return shown("not_applicable", "No purchase order was signed.", { proofs: page });
}

export const orderRows = (facts: OrderFacts): EvidenceOf<"orders"> => ({ "T-3-PO": orders(facts) });
