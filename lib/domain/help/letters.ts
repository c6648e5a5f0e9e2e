import type { Id } from "#db/id.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { replyAddress } from "#lib/core/mail/reply-address.ts";
import { kindOf } from "./kinds/rules.ts";
import { numberWords } from "./rules.ts";

type Facts = {
  to: { email: string; name: string };
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace"> | null;
  ticket: { id: Id<"ticket">; number: number; kind: string; guestEmail: string | null };
};

/** Someone without an account has no page to read on. */
const isGuest = ({ ticket }: Facts): boolean => ticket.guestEmail !== null;

/** Nothing anyone wrote is in these letters: they say that something happened, and where to read it. */
const about = (what: "received" | "answered" | "resolved", facts: Facts, words: string[]): Letter => {
  const { to, organizationId, workspaceId, ticket } = facts;
  const { clause, legalDays, title } = kindOf(ticket.kind);
  const number = numberWords(ticket.number);
  // What the terms give a date to is told to everyone it concerns, whatever they mute.
  const kind = legalDays === null ? `help.${what}` : `help.${what}-by-law`;
  return compose({
    kind,
    to,
    subject: `${number}: ${subjects[what]} (${title.toLowerCase()})`,
    before: words,
    ...(!isGuest(facts) && {
      link: { label: `See ${number}`, path: workspaceId ? `/${workspaceId}/help/${ticket.id}` : "/" },
    }),
    organizationId,
    replyTo: replyAddress(ticket.id),
    ...(clause && { clause }),
  });
};

const subjects = { received: "we have your request", answered: "we answered", resolved: "resolved" } as const;

const dayWords = (at: Date): string =>
  at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

export const receivedLetter = (facts: Facts & { legalDueAt: Date | null }): Letter =>
  about("received", facts, [
    isGuest(facts)
      ? `Your request is ticket ${numberWords(facts.ticket.number)}. Our staff check who you are before anything is deleted, and write to this address.`
      : `Your request is ticket ${numberWords(facts.ticket.number)}. We answer on its page, and tell you by e-mail.`,
    ...(facts.legalDueAt ? [`It will be done by ${dayWords(facts.legalDueAt)}.`] : []),
  ]);

/** Only a guest finds the answer itself in the letter: nowhere else could they read it. */
export const answeredLetter =
  (answer: string) =>
  (facts: Facts): Letter =>
    about(
      "answered",
      facts,
      isGuest(facts)
        ? ["Our answer to your ticket:", answer]
        : ["There is an answer to your ticket. You can read it, and write back, on its page."],
    );

export const resolvedLetter =
  (answer?: string) =>
  (facts: Facts): Letter =>
    about(
      "resolved",
      facts,
      isGuest(facts)
        ? ["Your ticket is resolved.", ...(answer ? [answer] : [])]
        : ["Your ticket is resolved. If it is not, write on its page within 14 days and it is opened again."],
    );
