import { counted, type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type TunedFacts = {
  active: number;
  archived: number;
  unserved: number;
  isOver: boolean;
  endsAt: Date | null;
  deletion: Date | null;
  transfers: { open: number; done: number; until: Date | null; lastAt: Date | null };
};

const page = [proof("Models", "models")];

function own({ active, archived, unserved, isOver, endsAt }: TunedFacts): Evidence {
  const all = active + archived + unserved;
  if (all === 0) return shown("open", "You have no tuned model.", { proofs: page });
  if (isOver)
    return shown(
      "kept",
      `${counted(all, "tuned model is", "tuned models are")} kept and not served, as the agreement has ended.`,
    );
  const next = endsAt && { at: endsAt, words: "They are not served any more" };
  const words = `${active} served for you alone, ${archived} archived, ${unserved} without their base.`;
  return shown(unserved > 0 ? "at_risk" : "running", words, { next, proofs: page });
}

function given({ transfers: { open, done, until, lastAt } }: TunedFacts): Evidence {
  if (open > 0)
    return shown("running", `${counted(open, "directive")} of yours can be carried out.`, {
      at: lastAt,
      next: until && { at: until, words: "A directive ends" },
      proofs: page,
    });
  if (done > 0)
    return shown(
      "kept",
      `${counted(done, "directive was", "directives were")} carried out; nothing else was given away.`,
      { at: lastAt, proofs: page },
    );
  return shown("kept", "Nothing was given to others, as you signed no directive.", { proofs: page });
}

export const tunedRows = (facts: TunedFacts): EvidenceOf<"tuned-models"> => ({
  "T-4.2.3-2": own(facts),
  "T-4.2.3-DEL1": facts.deletion
    ? shown("kept", "The last was deleted at once, with a receipt.", {
        at: facts.deletion,
        proofs: [proof("Receipts", "organization/privacy/receipts")],
      })
    : shown("open", "You have not deleted a tuned model.", { proofs: page }),
  "T-4.2.3-CONF": given(facts),
});
