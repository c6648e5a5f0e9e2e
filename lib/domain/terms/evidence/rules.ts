import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type DocumentFacts = {
  versions: number;
  lastFrom: Date | null;
  accepted: { version: number; method: string; at: Date; name: string | null } | null;
  /** Members who have not agreed themselves; an admin's agreement binds them all the same. */
  without: number;
};

const ways: Readonly<Record<string, string>> = {
  click: "by a click",
  purchase_order: "by a purchase order",
  implied_by_use: "by use after its date",
};

function agreed({ accepted, without }: DocumentFacts) {
  if (!accepted) return shown("due", "No admin has agreed to the terms so far; use agrees to them as well.");
  const { version, method, name, at } = accepted;
  const by = name ? `${name} agreed` : "Agreed";
  const others = without > 0 ? ` ${counted(without, "member")} did not click themselves.` : "";
  return shown("kept", `${by} to version ${version} ${ways[method] ?? method}.${others}`, {
    at,
    proofs: [proof("Agreements", "organization/contract#documents")],
  });
}

export const documentRows = (facts: DocumentFacts): EvidenceOf<"documents"> => ({
  "T-2-INC": shown("kept", `${counted(facts.versions, "version")} can be read, each with its hash and its changes.`, {
    at: facts.lastFrom,
    proofs: [proof("Documents", "/legal")],
  }),
  "T-3-CLICK": agreed(facts),
});
