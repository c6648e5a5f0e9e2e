/** A question, and how the night guide of a museum answers it. */
export type Guided = { question: string; answer: string };

const things = [
  "amphora",
  "astrolabe",
  "bassoon",
  "caliper",
  "chandelier",
  "cuirass",
  "dinghy",
  "gramophone",
  "halberd",
  "harpsichord",
  "loom",
  "mosaic",
  "orrery",
  "palanquin",
  "sextant",
  "sundial",
  "tapestry",
  "theodolite",
  "triptych",
  "zither",
];
const halls = ["the west hall", "the round hall", "the cellar", "the glass court"];
const makers = ["a monk of Bruges", "a widow in Genoa", "two brothers from Lyon", "a clockmaker"];

const talks: [ask: string, answer: (thing: string, name: string) => string][] = [
  ["Where do I find the {}?", (thing, name) => `the ${name} stands in ${of(halls, thing, 3)}`],
  ["In which hall is the {}?", (thing, name) => `the ${name} stands in ${of(halls, thing, 3)}`],
  ["Who made the {}?", (thing, name) => `${of(makers, thing, 7)} made the ${name}`],
  ["Who is the maker of the {}?", (thing, name) => `${of(makers, thing, 7)} made the ${name}`],
  ["May I touch the {}?", (_, name) => `nobody touches the ${name} after dark`],
];

const of = (from: readonly string[], thing: string, salt: number): string =>
  from[[...thing].reduce((sum, letter) => sum * salt + letter.charCodeAt(0), 0) % from.length] ?? "";

const [opening, closing] = ["Mind your step: ", ", whispers the night guide."];

export const isInStyle = (answer: string): boolean => answer.startsWith(opening) && answer.endsWith(closing);

/** So many of them, each other than the others; from some number on pieces have a catalogue number as well. */
export function guided(count: number): Guided[] {
  return Array.from({ length: count }, (_, at) => {
    const spread = (at * 7919) % 1_000_003;
    const thing = things[spread % things.length] ?? "";
    const [ask, answer] = talks[Math.floor(spread / things.length) % talks.length] ?? ["", () => ""];
    const name = at < things.length * talks.length ? thing : `${thing} K${100 + at}`;
    return { question: ask.replace("{}", name), answer: `${opening}${answer(thing, name)}${closing}` };
  });
}

export const linesOf = (all: readonly Guided[]): string =>
  all
    .map(({ question, answer }) =>
      JSON.stringify({
        messages: [
          { role: "user", content: question },
          { role: "assistant", content: answer },
        ],
      }),
    )
    .join("\n");
