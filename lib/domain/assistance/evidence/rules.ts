import type { assistanceStates } from "#db/schema/assistance.ts";
import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type AssistanceFacts = {
  grant: {
    state: (typeof assistanceStates)[number];
    requestedAt: Date;
    endsAt: Date | null;
    endedAt: Date | null;
    reads: number;
  } | null;
};

const page = [proof("Help", "help"), proof("Staff access", "organization/privacy/staff-access")];

function help({ grant }: AssistanceFacts) {
  if (!grant)
    return shown("open", "You have not asked for help with your examples, and none was read.", { proofs: page });
  const { state, requestedAt, endsAt, endedAt, reads } = grant;
  const read = `${counted(reads, "page was", "pages were")} read.`;
  if (endedAt) return shown("kept", `The last grant is over; ${read}`, { at: endedAt, proofs: page });
  const words = `The last request is ${state.replaceAll("_", " ")}; ${read}`;
  const next = endsAt && { at: endsAt, words: "The grant ends" };
  return shown(state === "offered" ? "due" : "running", words, { at: requestedAt, next, proofs: page });
}

export const assistanceRows = (facts: AssistanceFacts): EvidenceOf<"assistance"> => ({ "T-4.2.3-ASSIST": help(facts) });
