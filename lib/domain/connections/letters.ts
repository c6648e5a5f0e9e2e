import type { connections } from "#db/schema/connections.ts";
import { dayOf } from "#lib/core/clock.ts";
import { connectors } from "#lib/core/connectors.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Told = Pick<typeof connections.$inferSelect, "id" | "connector" | "name" | "failingSince" | "lastError">;
type To = { email: string; name: string };
export type Trouble = "needs_reconnect" | "failing" | "paused";

const subjects: Record<Trouble, (name: string) => string> = {
  needs_reconnect: (name) => `${name} needs to be connected again`,
  failing: (name) => `${name} has been failing for an hour`,
  paused: (name) => `${name} is switched off`,
};

const sentences: Record<Trouble, string> = {
  needs_reconnect: "It refuses what we send, so nothing is sent there until a person connects it again.",
  failing: "We go on trying. After five days without success it is switched off.",
  paused: "Nothing arrived there for five days. What happens from now on is not sent there.",
};

/** T-4.2.1-TPS1: what is wrong with a connection, and what ends it. What the service answered is on its page. */
export const connectionLetter = (to: To, connection: Told, trouble: Trouble, at: Date): Letter =>
  compose({
    kind: "integrations.needs-reconnect",
    clause: "T-4.2.1-TPS1",
    to,
    subject: subjects[trouble](connection.name),
    before: [
      `Your connection ${connection.name} to ${connectors[connection.connector].name} has not worked since ${dayOf(connection.failingSince ?? at)}.`,
      sentences[trouble],
    ],
    link: { label: "Open the console", path: "/" },
    after: ["Under Organization, Integrations, its page shows what the service answered, and connects it again."],
  });
