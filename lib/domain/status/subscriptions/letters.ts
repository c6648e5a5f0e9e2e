import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { subscriptionEnd } from "#lib/core/mail/unsubscribe.ts";
import { componentName, type IncidentState } from "#lib/domain/status/rules.ts";
import { confirmationHours } from "./rules.ts";

/** Who subscribes has no name here. */
const addressee = (email: string) => ({ email, name: "" });
const instantOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", ", ")} UTC`;
const listOf = (components: readonly string[]): string => components.map(componentName).join(", ");
const page = { label: "See the status page", path: "/status" };

/** The same for everyone, whether they have an account or a subscription already. */
export function confirmLetter(email: string, token: string, components: readonly string[] | null): Letter {
  return compose({
    kind: "status.confirm",
    to: addressee(email),
    subject: `Confirm: status letters of ${env().PROVIDER_NAME}`,
    before: [
      `Someone, most likely you, asked that this address gets a letter when something goes wrong or work is planned. It is about: ${components ? listOf(components) : "all components"}.`,
      `Confirm it within ${confirmationHours} hours. If you did not ask for it, do nothing: you get no more letters.`,
    ],
    link: { label: "Confirm", path: `/status-letters/confirm?token=${token}` },
  });
}

/** What subscribers are told of. */
export type StatusNews = {
  title: string;
  components: readonly string[];
  words: string;
  at: Date;
  /** Of planned work its times, of an incident how it stands. */
  what: { state: IncidentState } | { startsAt: Date; endsAt: Date; isCancelled: boolean };
};

const stateWords: Record<IncidentState, string> = {
  investigating: "we are looking into it",
  identified: "the cause is found",
  monitoring: "it is mended and being watched",
  resolved: "it is over",
};

function head({ title, what }: StatusNews): { subject: string; sentence: string } {
  if ("state" in what) return { subject: `${title}: ${stateWords[what.state]}`, sentence: title };
  const time = `${instantOf(what.startsAt)} to ${instantOf(what.endsAt)}`;
  return what.isCancelled
    ? { subject: `Cancelled: ${title}`, sentence: `The work planned for ${time} does not take place then.` }
    : { subject: `Planned work: ${title}, ${instantOf(what.startsAt)}`, sentence: `Planned: ${title}, ${time}.` };
}

/** One update of an incident or of planned work, with the way to end the letters. */
export function newsLetter(news: StatusNews, email: string): Letter {
  const { subject, sentence } = head(news);
  return compose({
    kind: "status.update",
    to: addressee(email),
    subject: `${subject} (${env().PROVIDER_NAME})`,
    before: [sentence, news.words, `Components: ${listOf(news.components)}. Written ${instantOf(news.at)}.`],
    link: page,
    after: [`No more of these letters: ${subscriptionEnd(email)}`],
  });
}
