import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { instantWords } from "#lib/domain/agreements/letters.ts";
import { type TerminationKind, terminationWords } from "#lib/domain/agreements/rules.ts";
import { staysWords } from "./rules.ts";
import type { Step } from "./view.ts";

type Addressee = { email: string; name: string };
const page = { label: "See what is kept, and until when", path: "/agreement" };

const lines = (steps: readonly Step[]): string[] =>
  steps.map(
    ({ at, what, count, clause }) => `${instantWords(at)}: ${what}${count === null ? "" : ` (${count})`} [${clause}].`,
  );

export const endedLetter = (
  to: Addressee,
  { kind, endedAt, steps }: { kind: TerminationKind; endedAt: Date; steps: readonly Step[] },
): Letter =>
  compose({
    kind: "contract.ended",
    to,
    subject: `Your agreement with ${env().PROVIDER_NAME} has ended`,
    before: [
      `${terminationWords[kind]}, and it ended on ${instantWords(endedAt)} (T-6-EFF). API keys have ended with it: delete every copy you have (T-4.2.1-KEY3).`,
      ...lines(steps),
      staysWords,
    ],
    link: page,
    clause: "T-6-EFF",
  });

export const finalLetter = (to: Addressee, endedAt: Date, isBilled: boolean): Letter =>
  compose({
    kind: "contract.final",
    to,
    subject: "Your last bill is settled upon",
    before: [
      isBilled
        ? `Everything that was used until ${instantWords(endedAt)} is on your last invoice now. What is left to pay is under Billing.`
        : `Nothing was used until ${instantWords(endedAt)} that would have to be paid.`,
    ],
    link: { label: "Open billing", path: "/agreement" },
    clause: "T-6-EFF",
  });

export const resumedLetter = (to: Addressee, { number, restored }: { number: number; restored: string[] }): Letter =>
  compose({
    kind: "contract.resumed",
    to,
    subject: `Agreement no. ${number} with ${env().PROVIDER_NAME} has begun`,
    before: [
      "Welcome back. Requests are answered again from now on.",
      restored.length > 0
        ? `These are as they were: ${restored.join(", ")}.`
        : "What was kept from before was deleted at its time; the receipts are under Privacy.",
      "API keys of before stay ended: create new ones. Webhooks are off until you switch them on.",
    ],
    link: { label: "Open the console", path: "/" },
    clause: "T-4.3-DEL2",
  });

export const mayReturnLetter = (to: Addressee): Letter =>
  compose({
    kind: "contract.may-return",
    to,
    subject: `You can begin a new agreement with ${env().PROVIDER_NAME}`,
    before: [
      "Your last agreement was ended for cause. We have looked at it again: you can begin a new one whenever you want.",
      "What is still kept comes back with it. Bills that are open are paid first.",
    ],
    link: page,
    clause: "T-6-OTHER",
  });
