import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Corrected = { customerType: "business" | "consumer"; reason: string };

export const typeWords = {
  business: "a business",
  consumer: "a consumer",
} as const;

/** That the customer counts as another type from now on, and what of the agreement follows from it. */
export const typeCorrectedLetter = (to: { email: string; name: string }, { customerType, reason }: Corrected): Letter =>
  compose({
    kind: "contract.type-corrected",
    to,
    subject: `Your agreement is that of ${typeWords[customerType]} from now on`,
    before: [
      `Our staff corrected how your organization counts: as ${typeWords[customerType]}. The reason: ${reason}`,
      customerType === "business"
        ? "The agreement on processing personal data is part of your contract."
        : "The agreement on processing personal data is made with businesses only, so it is no part of your contract any more.",
    ],
    link: { label: "See your agreement", path: "/agreement" },
    after: ["If this is wrong, write to us in Help."],
    clause: "T-2-PREC",
  });
