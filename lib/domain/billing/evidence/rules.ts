import { counted, type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import { formatCents } from "#lib/core/money.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

type Document = { id: string; number: string; at: Date; totalCents: bigint };

export type BillingFacts = {
  plan: Plan;
  /** Documents and payment methods of this customer. */
  documents: number;
  methods: number;
  thresholds: { title: string; count: number };
  advance: (Document & { state: string; thresholdCents: bigint | null }) | null;
  advanceLetter: { at: Date; state: string } | null;
  /** How far the month's use is, and the threshold that comes next, in cents. */
  usedCents: bigint;
  nextCents: bigint | null;
  summary: (Document & { prepaidCents: bigint; dueCents: bigint }) | null;
  /** The month before this one that is not billed though it is over. */
  unbilled: string | null;
  last: (Document & { state: string }) | null;
  pastDueSince: Date | null;
  dispute: { state: string; openedAt: Date; decidedAt: Date | null } | null;
  disputableUntil: Date | null;
  cycleEnd: Date;
};

const page = [proof("Billing", "organization/billing")];
const to = ({ id, number }: Document) => [proof(number, `organization/billing/invoices/${id}`)];

function charged({ plan, documents, methods }: BillingFacts): Evidence {
  if (plan !== "free") return shown("not_applicable", "Your plan is not free.", { proofs: page });
  const words = `Nothing is charged; ${counted(documents, "document")} issued and ${counted(methods, "payment method")} kept so far.`;
  return shown("running", words, { proofs: page });
}

function advances(facts: BillingFacts): Evidence {
  const { advance, usedCents, nextCents } = facts;
  const ahead =
    nextCents === null ? "" : ` ${formatCents(usedCents)} used; the next threshold is ${formatCents(nextCents)}.`;
  if (!advance) return shown("open", `No threshold was met so far.${ahead}`, { proofs: page });
  const at = advance.thresholdCents === null ? "" : ` at ${formatCents(advance.thresholdCents)}`;
  return shown("kept", `The last advance${at} is ${formatCents(advance.totalCents)}, ${advance.state}.${ahead}`, {
    at: advance.at,
    proofs: to(advance),
  });
}

function told({ advance, advanceLetter }: BillingFacts): Evidence {
  if (!advance) return shown("open", "No advance was issued, so there was nothing to tell.", { proofs: page });
  if (!advanceLetter)
    return shown("running", `The e-mail with ${advance.number} is being made.`, {
      at: advance.at,
      proofs: to(advance),
    });
  const { state, at } = advanceLetter;
  const hasFailed = state === "bounced" || state === "failed";
  return shown(hasFailed ? "at_risk" : "kept", `The e-mail with the invoice is ${state}.`, { at, proofs: to(advance) });
}

function closed({ summary, unbilled, cycleEnd }: BillingFacts): Evidence {
  const next = { at: cycleEnd, words: "The month ends and is billed" };
  if (unbilled) return shown("running", `${unbilled.slice(0, 7)} is over and being billed.`, { next, proofs: page });
  if (!summary) return shown("open", "No month was billed so far.", { next, proofs: page });
  const { number, totalCents, prepaidCents, dueCents, at } = summary;
  const words = `${number}: ${formatCents(totalCents)} less ${formatCents(prepaidCents)} paid ahead leaves ${formatCents(dueCents)}.`;
  return shown("kept", words, { at, next, proofs: to(summary) });
}

function issued({ last, pastDueSince }: BillingFacts): Evidence {
  if (!last) return shown("open", "Nothing was invoiced so far.", { proofs: page });
  if (pastDueSince) return shown("due", "An invoice is past its due date.", { at: pastDueSince, proofs: page });
  return shown("kept", `${last.number} of ${formatCents(last.totalCents)} is ${last.state}.`, {
    at: last.at,
    proofs: to(last),
  });
}

function disputed({ dispute, disputableUntil }: BillingFacts): Evidence {
  const next = disputableUntil && { at: disputableUntil, words: "The last invoice can be disputed until then" };
  const proofs = [proof("Disputes", "organization/billing/disputes")];
  if (dispute?.state === "open")
    return shown("running", "A dispute is looked into; what it is about is not asked for.", {
      at: dispute.openedAt,
      next,
      proofs,
    });
  if (dispute)
    return shown("kept", `The last dispute was ${dispute.state}.`, {
      at: dispute.decidedAt ?? dispute.openedAt,
      next,
      proofs,
    });
  return shown("open", "Nothing was disputed.", { next, proofs: page });
}

export function billingRows(facts: BillingFacts): EvidenceOf<"billing"> {
  const { thresholds } = facts;
  const isFree = facts.plan === "free" && facts.documents === 0;
  const none = shown("not_applicable", "The free plan costs nothing.");
  const paid = (row: Evidence) => (isFree ? none : row);
  return {
    "T-5.1": charged(facts),
    "T-5.2-ADV1": paid(
      shown("running", `${counted(thresholds.count, "threshold")}, by ${thresholds.title}.`, { proofs: page }),
    ),
    "T-5.2-ADV2": paid(advances(facts)),
    "T-5.2-ADV3": paid(told(facts)),
    "T-5.2-EOC": paid(closed(facts)),
    "T-5.2-BILL": paid(issued(facts)),
    "T-5.2-DISP": paid(disputed(facts)),
  };
}
