import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type ContactFacts = {
  email: string;
  /** The last legal letter to it. */
  letter: {
    subject: string;
    state: "queued" | "sent" | "kept" | "muted" | "failed" | "bounced";
    at: Date;
    answer: string | null;
  } | null;
  waiting: number;
};

const page = [proof("Contact", "organization/settings/contact")];

function arrived({ email, letter, waiting }: ContactFacts) {
  if (waiting > 0)
    return shown("at_risk", `${counted(waiting, "legal notice has", "legal notices have")} not arrived at ${email}.`, {
      proofs: page,
    });
  if (!letter) return shown("open", `No legal notice was sent to ${email} so far.`, { proofs: page });
  const { subject, state, at, answer } = letter;
  const said = answer ? ` The server said: ${answer}` : "";
  if (state === "bounced" || state === "failed")
    return shown("at_risk", `“${subject}” did not arrive at ${email}.${said}`, { at, proofs: page });
  if (state === "queued") return shown("running", `“${subject}” is on its way to ${email}.`, { at, proofs: page });
  const how = state === "sent" ? "was taken by its mail server" : "is kept here, as no mail server is set up";
  return shown("kept", `“${subject}” to ${email} ${how}.${said}`, { at, proofs: page });
}

export const contactRows = (facts: ContactFacts): EvidenceOf<"contact"> => ({ "T-4.2.1-DISC3": arrived(facts) });
