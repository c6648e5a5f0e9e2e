import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { type AssistanceEnd, assistanceClause, endWords } from "./rules.ts";

type Addressee = { email: string; name: string };

const link = { label: "See it under Privacy", path: "/staff-access" };
const clause = assistanceClause;
const momentOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

type Offer = { purpose: string; staff: readonly string[]; days: number; until: Date };

/** That people of the staff would read files, and nothing is read before the customer agrees. */
export const offeredLetter = (to: Addressee, { purpose, staff, days, until }: Offer): Letter =>
  compose({
    kind: "assistance.offered",
    to,
    subject: "We can help with your files, if you agree",
    before: [
      `You asked us to look at files of yours. ${staff.join(", ")} would read them, for ${days === 1 ? "a day" : `${days} days`} at most, for this and nothing else: ${purpose}`,
      "Nothing is read before an admin of your organization agrees: to which files, to whom and for how long.",
      `The offer is good until ${momentOf(until)}.`,
    ],
    link,
    clause,
  });

/** That reading has begun. */
export const usedLetter = (to: Addressee, { staff, until }: { staff: string; until: Date }): Letter =>
  compose({
    kind: "assistance.used",
    to,
    subject: "Our staff opened files you let them read",
    before: [
      `${staff} repeated the purpose you agreed to, and can read the files until ${momentOf(until)}.`,
      "Each page they read is in your audit log before they see it. You can end this at any moment.",
    ],
    link,
    clause,
  });

export const endedLetter = (to: Addressee, reason: AssistanceEnd): Letter =>
  compose({
    kind: "assistance.ended",
    to,
    subject: "Our staff cannot read your files any more",
    before: [`The assistance has ended: ${endWords[reason]}. What was read stays in your audit log.`],
    link,
    clause,
  });
