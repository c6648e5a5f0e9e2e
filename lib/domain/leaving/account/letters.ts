import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

export type Left = { organizations: number; keys: number; conversations: number };

/** The receipt of a deletion: what went, and what is kept. */
export const accountDeletedLetter = (to: { email: string; name: string }, left: Left, at: Date): Letter =>
  compose({
    kind: "account.deleted",
    to,
    subject: "Your account was deleted",
    before: [
      `Your account was deleted on ${at.toISOString().slice(0, 10)}. This letter is the receipt.`,
      `Gone at once: your name, address, password, second factors and linked sign-ins, every signed-in browser, ${left.keys} API keys, ${left.conversations} conversations, and your membership of ${left.organizations} organizations. Agents you shared went to a colleague.`,
      "Kept, because the law asks for it: your organizations' logs of who did what, the terms you accepted, and what was used and cost.",
    ],
    after: [`If it was not you, write to ${env().SUPPORT_EMAIL} at once.`],
  });
