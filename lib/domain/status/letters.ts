import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Addressee = { email: string; name: string };

/** Planned work as a letter tells it, or that it is taken back. */
export type MaintenanceFacts = {
  title: string;
  words: string;
  components: readonly string[];
  startsAt: Date;
  endsAt: Date;
  isCancelled: boolean;
};

const instantOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", ", ")} UTC`;
const page = { label: "See the status page", path: "/status" };

/** T-4.4-SLO3: the notice that takes planned work out of downtime, if it comes before the work begins. */
export function maintenanceLetter({ isCancelled, ...planned }: MaintenanceFacts, to: Addressee): Letter {
  const { title, words, components, startsAt, endsAt } = planned;
  const time = `${instantOf(startsAt)} to ${instantOf(endsAt)}`;
  if (isCancelled)
    return compose({
      kind: "maintenance.cancelled",
      to,
      subject: `Cancelled: ${title}, ${instantOf(startsAt)}`,
      before: [`The work we had planned for ${time} does not take place then.`],
      link: page,
      clause: "T-4.4-SLO3",
    });
  return compose({
    kind: "maintenance.scheduled",
    to,
    subject: `Planned work at ${env().PROVIDER_NAME}: ${title}, ${instantOf(startsAt)}`,
    before: [
      `From ${time} these may not answer: ${components.join(", ")}.`,
      words,
      "What does not answer in that time is not counted as downtime (T-4.4-SLO3). What takes longer is.",
    ],
    link: page,
    clause: "T-4.4-SLO3",
  });
}
