import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import { formatCents } from "#lib/core/money.ts";

export type SpendFacts = {
  isFree: boolean;
  limits: number;
  /** How many of them are reached now. */
  reached: number;
  /** Of the organization's own limit, in cents; null: it has none. */
  limitCents: bigint | null;
  spentCents: bigint;
  heldCents: bigint;
  changedAt: Date | null;
  alert: { percent: number; at: Date } | null;
  monthEnd: Date;
};

const page = [proof("Limits", "limits")];

function standing({ limits, reached, limitCents, spentCents, heldCents, monthEnd }: SpendFacts) {
  const next = { at: monthEnd, words: "Monthly limits begin anew" };
  if (limits === 0) return shown("open", "No limit is set, so nothing stops spending.", { proofs: page });
  const own =
    limitCents === null
      ? ""
      : ` The organization spent ${formatCents(spentCents)} of ${formatCents(limitCents)}, and ${formatCents(heldCents)} is reserved.`;
  if (reached > 0)
    return shown("due", `${counted(reached, "limit is", "limits are")} reached and blocks requests.${own}`, {
      next,
      proofs: page,
    });
  return shown("running", `${counted(limits, "limit is", "limits are")} set.${own}`, { next, proofs: page });
}

export function spendRows(facts: SpendFacts): EvidenceOf<"limits"> {
  const { isFree, limits, changedAt, alert } = facts;
  if (isFree && limits === 0) {
    const none = shown("not_applicable", "The free plan costs nothing, so there is nothing to limit.");
    return { "T-4.2.2.2-LIM1": none, "T-4.2.2.2-LIM2": none, "T-4.2.2.2-LIM3": none };
  }
  return {
    "T-4.2.2.2-LIM1": standing(facts),
    "T-4.2.2.2-LIM2": changedAt
      ? shown("kept", "The last change held from the next request on.", { at: changedAt, proofs: page })
      : shown("open", "No limit was changed so far.", { proofs: page }),
    "T-4.2.2.2-LIM3": alert
      ? shown("kept", `You were told at ${alert.percent} % of a limit.`, { at: alert.at, proofs: page })
      : shown("open", "No step of a limit was reached this month.", { proofs: page }),
  };
}
