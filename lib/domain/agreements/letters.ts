import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { isWithdrawable, type TerminationKind, terminationClauses, terminationWords } from "./rules.ts";

type Addressee = { email: string; name: string };
type End = { kind: TerminationKind; endsAt: Date; words: string | null };

const page = { label: "See what happens when", path: "/agreement" };

/** As pages write it, in UTC: the instant counts, not the reader's day. */
export const instantWords = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", ", ")} UTC`;

export const noticeGivenLetter = (to: Addressee, { kind, endsAt, words }: End): Letter =>
  compose({
    kind: "contract.notice-given",
    to,
    subject: `Your agreement with ${env().PROVIDER_NAME} ends on ${instantWords(endsAt)}`,
    before: [
      `${terminationWords[kind]} (${terminationClauses[kind]}).`,
      ...(words ? [words] : []),
      `From ${instantWords(endsAt)} on requests are refused and API keys have ended. Streams that are under way then have a minute.`,
      "What was used until then is billed. Agents, conversations and files are kept for 30 days after it, tuned models for a year, in case you come back.",
    ],
    link: page,
    after: isWithdrawable(kind)
      ? ["Until that moment you can withdraw the notice, and nothing changes."]
      : ["Do you see it otherwise? Open a ticket under Help, also after that moment: a person answers it."],
    clause: terminationClauses[kind],
  });

export const noticeWithdrawnLetter = (to: Addressee, endsAt: Date): Letter =>
  compose({
    kind: "contract.notice-withdrawn",
    to,
    subject: `Your agreement with ${env().PROVIDER_NAME} goes on`,
    before: [`The notice that would have ended it on ${instantWords(endsAt)} is withdrawn. Nothing changes.`],
    link: { label: "See your agreement", path: "/agreement" },
    clause: "T-6-CONV",
  });

/** What a consumer has in hand: what they said, and the second at which it was received. */
export const receiptLetter = (to: Addressee, { organization, at }: { organization: string; at: Date }): Letter =>
  compose({
    kind: "contract.receipt",
    to,
    subject: `Receipt: you withdrew from your contract with ${env().PROVIDER_NAME}`,
    before: [
      `On ${at.toISOString().slice(0, 10)} at ${at.toISOString().slice(11, 19)} UTC we received this statement: “I withdraw from the contract of ${organization}.”`,
      "The contract ended with it. What was used before is on the last bill; nothing is charged for afterwards.",
    ],
    link: page,
    clause: "T-6-OTHER",
  });
