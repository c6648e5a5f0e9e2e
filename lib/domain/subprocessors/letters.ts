import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { noticeDays } from "./rules.ts";
import type { Subprocessor } from "./view.ts";

export type SubprocessorFacts = Pick<Subprocessor, "name" | "purpose" | "location" | "data" | "url" | "plannedAt">;

/** The notice itself. What it says has to stand by itself, on paper too. */
export const subprocessorLetter = (facts: SubprocessorFacts, to: { email: string; name: string }): Letter =>
  compose({
    kind: "subprocessors.announced",
    to,
    subject: `A subprocessor is added: ${facts.name}`,
    before: [
      `${facts.name} (${facts.url}) will process personal data for us from ${facts.plannedAt.toISOString().slice(0, 16).replace("T", " ")} UTC, and for you not before ${noticeDays} days after this letter was delivered.`,
      `What it does: ${facts.purpose}`,
      `Where: ${facts.location}`,
      `Which data: ${facts.data}`,
    ],
    link: { label: "See all subprocessors", path: "/legal/subprocessors" },
    after: [
      "If you object, an organization admin says so in the console until that date, under Organization, Agreement. Whatever becomes of the objection, they can also end the agreement by that date, without another period of notice.",
    ],
    clause: "T-2-INC",
  });
