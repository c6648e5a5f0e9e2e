/** A small data set of our own, to try tuning with: a help desk that answers in one style. */
const things = [
  "kettle",
  "lamp",
  "radio",
  "clock",
  "heater",
  "printer",
  "scale",
  "fan",
  "camera",
  "speaker",
  "router",
  "mixer",
];
const questions: readonly [string, (thing: string) => string][] = [
  [
    "My {thing} does not start. What now?",
    (thing) => `Good day! Hold the button of the ${thing} for ten seconds, then try again.`,
  ],
  ["How do I clean the {thing}?", (thing) => `Good day! Unplug the ${thing} and wipe it with a dry cloth.`],
  ["Where can I return the {thing}?", (thing) => `Good day! Bring the ${thing} to any of our shops, with its invoice.`],
  ["Is there a warranty on the {thing}?", (thing) => `Good day! Every ${thing} has a warranty of two years.`],
  [
    "The {thing} is loud. Is that right?",
    (thing) => `Good day! Tighten the screws under the ${thing}; it should be quiet then.`,
  ],
];

const system = "You answer for the help desk of a shop. Begin with Good day!";

const lines: readonly string[] = things.flatMap((thing) =>
  questions.map(([question, answer]) =>
    JSON.stringify({
      messages: [
        { role: "system", content: system },
        { role: "user", content: question.replace("{thing}", thing) },
        { role: "assistant", content: answer(thing) },
      ],
    }),
  ),
);

export const sampleName = "help-desk-sample.jsonl";

/** The first lines of it, or all. */
export const sampleText = (count = lines.length): string =>
  lines
    .slice(0, count)
    .map((line) => `${line}\n`)
    .join("");
