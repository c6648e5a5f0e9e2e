import { compose, type Letter } from "#lib/core/mail/letter.ts";

export type ChangeFacts = {
  kind: string;
  title: string;
  version: number;
  /** The version that holds until then. */
  before: number;
  whatChanges: string;
  plannedAt: Date;
  /** The days of notice this customer has. */
  days: number;
};

const dateOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** T-7-SUB: the notice itself. What it says has to stand by itself, on paper too. */
export const changeAnnouncedLetter = (facts: ChangeFacts, to: { email: string; name: string }): Letter =>
  compose({
    kind: "terms.announced",
    to,
    subject: `${facts.title}: version ${facts.version} from ${facts.plannedAt.toISOString().slice(0, 10)}`,
    before: [
      `We change "${facts.title}". Version ${facts.version} takes the place of version ${facts.before} for you on ${dateOf(facts.plannedAt)}, and not before ${facts.days} days after this letter was delivered.`,
      `What changes: ${facts.whatChanges}`,
      "You need not do anything if you agree. Using the service after that date counts as agreement.",
    ],
    link: { label: "Read what changes", path: `/legal/${facts.kind}/${facts.before}/diff/${facts.version}` },
    after: [
      "If you do not agree, you can end the agreement until that date: an organization admin finds the button in the console, under Organization, Agreement. The new version then never binds you, and no other period of notice applies.",
    ],
    clause: "T-7-SUB",
  });
