import { compose, type Letter } from "#lib/core/mail/letter.ts";

export type Gone = Readonly<Record<string, number>>;

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The receipt of a deletion: what went, what is kept, and until when. */
export const organizationDeletedLetter = (
  to: { email: string; name: string },
  { name, gone, deletedAt, keptUntil }: { name: string; gone: Gone; deletedAt: Date; keptUntil: Date },
): Letter =>
  compose({
    kind: "organization.deleted",
    to,
    subject: `${name} was deleted`,
    before: [
      `The organization ${name} was deleted on ${dayOf(deletedAt)} by one of its admins. This letter is the receipt.`,
      `Gone at once: ${Object.entries(gone)
        .map(([what, count]) => `${count} ${what}`)
        .join(", ")}.`,
      `Kept until ${dayOf(keptUntil)}, because the law asks for it: how much was used and what it cost. The log of who did what and the terms that were accepted are kept as evidence.`,
    ],
    after: ["Nothing of this can be taken back. The accounts of its members stay."],
  });
