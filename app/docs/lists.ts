import { eventTypes } from "#lib/core/webhooks/events.ts";
import { clocks, ownerTitles } from "#lib/domain/deadlines/rules.ts";

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Every event that a webhook can ask for, with an example of its data. */
export const eventTable = table(
  ["event", "when", "`data`"],
  Object.entries(eventTypes).map(([type, { about, example }]) => [
    `\`${type}\``,
    about,
    Object.keys(example)
      .map((name) => `\`${name}\``)
      .join(", "),
  ]),
);

/** Every clock of the contract. */
export const clockTable = table(
  ["clock", "what is due", "who acts", "clause"],
  Object.entries(clocks).map(([name, { words, owner, clause }]) => [
    `\`${name}\``,
    words,
    owner === "customer" ? "you" : ownerTitles[owner].toLowerCase(),
    `\`${clause}\``,
  ]),
);
