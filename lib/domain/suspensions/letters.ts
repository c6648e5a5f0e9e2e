import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { reasonTitles } from "./rules.ts";
import type { Suspension } from "./view.ts";

type Addressee = { email: string; name: string };
const page = { label: "See it, and appeal", path: "/appeal" };

const named = ({ requestIds }: Suspension): string[] =>
  requestIds.length === 0 ? [] : [`Requests it is about: ${requestIds.join(", ")}.`];

export const suspendedLetter = (to: Addressee, suspension: Suspension): Letter =>
  compose({
    kind: "abuse.suspended",
    to,
    subject: `Your access to ${env().PROVIDER_NAME} is suspended`,
    before: [
      "From now on your API keys are refused, and nothing can be changed in the console. Billing, help and your exports stay open.",
      `The reason: ${reasonTitles[suspension.reason]} (${suspension.clause}).`,
      suspension.words,
      ...named(suspension),
      `We look at it again by ${suspension.reviewOn} of our own.`,
    ],
    link: page,
    after: ["If we are wrong, appeal: somebody else of our staff decides within five working days."],
    clause: "T-4.1-USE",
  });

export const resumedLetter = (to: Addressee, words: string): Letter =>
  compose({
    kind: "abuse.resumed",
    to,
    subject: `Your access to ${env().PROVIDER_NAME} is open again`,
    before: ["The suspension has ended: your API keys work again, and the console is as it was.", words],
    link: { label: "Open the console", path: "/" },
    clause: "T-4.1-USE",
  });

export const appealDecidedLetter = (to: Addressee, answer: string): Letter =>
  compose({
    kind: "abuse.appeal",
    to,
    subject: "Your appeal is decided",
    before: ["Somebody who had no part in it looked at the suspension of your access. It stays in force.", answer],
    link: { label: "See it", path: "/appeal" },
    clause: "T-4.1-USE",
  });
