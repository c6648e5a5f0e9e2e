import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type KeyFacts = {
  firstAt: Date | null;
  live: number;
  endless: number;
  anyModel: number;
  unused: number;
  nextExpiry: Date | null;
  endedKeys: number;
  endedAt: Date | null;
  endsAt: Date | null;
  attestedAt: Date | null;
  leakedAt: Date | null;
  leaked: number;
  firstCallAt: Date | null;
};

const page = [proof("API keys", "keys")];

function confidential({ live, endless, anyModel, unused, nextExpiry }: KeyFacts) {
  if (live === 0) return shown("open", "No key is live.", { proofs: page });
  const parts = [`${endless} without an end`, `${anyModel} for every model`, `${unused} not used for 90 days`];
  const next = nextExpiry && { at: nextExpiry, words: "A key expires" };
  return shown("running", `${counted(live, "key is", "keys are")} live: ${parts.join(", ")}.`, { proofs: page, next });
}

function atTheEnd({ live, endedKeys, endedAt, endsAt, attestedAt }: KeyFacts) {
  const attested = attestedAt ? " You said that copies are deleted." : "";
  if (endedAt && live > 0)
    return shown("broken", `${counted(live, "key is", "keys are")} live after the end.`, { proofs: page });
  if (endedAt)
    return shown("kept", `${counted(endedKeys, "key")} ended with the agreement.${attested}`, { at: endedAt });
  if (endsAt)
    return shown("running", `${counted(live, "key")} will end with the agreement.${attested}`, {
      next: { at: endsAt, words: "Keys end" },
    });
  return shown("open", `No end is set; ${counted(live, "key")} would end with the agreement.`);
}

export const keyRows = (facts: KeyFacts): EvidenceOf<"keys"> => ({
  "T-4.2.1-KEY1": facts.firstAt
    ? shown("kept", "The first key was made, shown once, and is kept as a keyed hash.", {
        at: facts.firstAt,
        proofs: page,
      })
    : shown("due", "No key was made so far: make the first one.", { proofs: page }),
  "T-4.2.1-KEY2": confidential(facts),
  "T-4.2.1-KEY3": atTheEnd(facts),
  "T-4.2.1-KEY4": facts.leakedAt
    ? shown("kept", `${counted(facts.leaked, "key")} reported as leaked, revoked at once and replaced.`, {
        at: facts.leakedAt,
        proofs: page,
      })
    : shown("open", "No key was reported as leaked.", { proofs: page }),
  "T-4.2.1-KEY5": facts.firstCallAt
    ? shown("kept", "The newest key in use made its first call, in the hour that began then.", {
        at: facts.firstCallAt,
        proofs: page,
      })
    : shown("open", "No key has made a call so far; each shows the calls to begin with.", { proofs: page }),
});
