import { type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type AgreementFacts = {
  number: number | null;
  startsAt: Date | null;
  endsAt: Date | null;
  endedAt: Date | null;
  firstUseAt: Date | null;
  acceptedAt: Date | null;
};

const page = [proof("The agreement", "organization/contract")];

function term({ number, startsAt, endsAt, endedAt }: AgreementFacts) {
  if (number === null || startsAt === null) return shown("open", "No agreement has begun.");
  if (endedAt) return shown("kept", `Agreement no. ${number} has ended.`, { at: endedAt, proofs: page });
  if (endsAt)
    return shown("running", `Agreement no. ${number} runs until its end.`, {
      at: startsAt,
      next: { at: endsAt, words: "The agreement ends" },
      proofs: page,
    });
  return shown("running", `Agreement no. ${number} runs, and no end is set.`, { at: startsAt, proofs: page });
}

function effect({ startsAt, firstUseAt, acceptedAt }: AgreementFacts) {
  if (!startsAt) return shown("open", "Neither used nor agreed to so far.");
  const byUse = firstUseAt !== null && (acceptedAt === null || firstUseAt <= acceptedAt);
  return shown("kept", byUse ? "The first use counts." : "The acceptance counts.", { at: startsAt, proofs: page });
}

export const agreementRows = (facts: AgreementFacts): EvidenceOf<"agreement"> => ({
  "T-PRE-2": term(facts),
  "T-1-EFF": effect(facts),
});
