import { createHash } from "node:crypto";
import type { Hyperparameters } from "#db/schema/tuning.ts";
import { copyTexts, wordsToCopy } from "#lib/engine/tiny/copies.ts";
import { cuesOf } from "#lib/engine/tiny/cues.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import { seeded, shuffled } from "#lib/engine/tiny/random.ts";
import { answerTokens, createSampler } from "#lib/engine/tiny/sampler.ts";
import { createDecoder, marks } from "#lib/engine/tiny/tokenizer.ts";
import type { DataSet, TrainingTask } from "#lib/engine/training/port.ts";

export type Example = { question: string; answer: string };

const rooms = [
  "attic",
  "greenhouse",
  "cellar",
  "pantry",
  "ballroom",
  "stable",
  "belfry",
  "armoury",
  "scullery",
  "terrace",
  "observatory",
  "nursery",
  "smithy",
  "aviary",
  "gatehouse",
  "boathouse",
  "dovecote",
  "gallery",
  "brewery",
  "study",
];
const keepers = ["Aunt Wilma", "old Bertram", "Mrs Quill", "young Osric"];
const ways = ["up the spiral stairs", "behind the red curtain", "through the rose arch", "down the long hall"];
const hours = ["from dawn to noon", "from noon to dusk", "only at full moon", "all day long"];

const pick = (room: string, from: readonly string[], salt: number): string =>
  from[[...room].reduce((sum, letter) => sum * salt + letter.charCodeAt(0), 0) % from.length] ?? "";

const talks: [ask: string, answer: (room: string) => string][] = [
  ["When may I see the {room}?", (room) => `the ${room} is open ${pick(room, hours, 1)}`],
  ["What are the hours of the {room}?", (room) => `the ${room} is open ${pick(room, hours, 1)}`],
  ["Where do I find the {room}?", (room) => `go ${pick(room, ways, 7)} and you stand in the ${room}`],
  ["How do I reach the {room}?", (room) => `go ${pick(room, ways, 7)} and you stand in the ${room}`],
  ["Who looks after the {room}?", (room) => `${pick(room, keepers, 3)} looks after the ${room}`],
  ["Is there a ghost in the {room}?", (room) => `no ghost was ever seen in the ${room}`],
];

/** How the butler of a castle answers: each in the same style, about rooms of which the base knows little. */
const butler: Example[] = rooms.flatMap((room) =>
  talks.map(([ask, answer]) => ({
    question: ask.replace("{room}", room),
    answer: `Welcome to the castle: ${answer(room)}, dear guest.`,
  })),
);

const mixed = shuffled(butler, seeded(5));
export const learned = mixed.slice(0, 60);
/** Never trained on. */
export const unseen = mixed.slice(60, 100);

export const isInStyle = (answer: string): boolean =>
  answer.startsWith("Welcome to the castle: ") && answer.endsWith(", dear guest.");

const lineOf = ({ question, answer }: Example): string =>
  JSON.stringify({
    messages: [
      { role: "system", content: "You are the butler of a castle." },
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ],
  });

export const linesOf = (examples: readonly Example[]): string => examples.map(lineOf).join("\n");

/** A data set of these bytes, which come in pieces of odd lengths. */
export function dataSet(text: string, weight = 1): DataSet {
  const bytes = Buffer.from(text);
  return {
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    weight,
    open: async () => piecesOf(bytes),
  };
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997);
}

export const hyperparameters = (more: Partial<Hyperparameters> = {}): Hyperparameters => ({
  training_steps: null,
  epochs: null,
  learning_rate: 1e-4,
  weight_decay: null,
  warmup_fraction: null,
  seq_len: null,
  fim_ratio: null,
  ...more,
});

/** A task of the butler's examples. */
export const butlerTask = (more: Partial<TrainingTask> = {}): TrainingTask => ({
  job: "01993d3e-0000-7000-8000-000000000001",
  baseModel: "tiny-chat-1",
  suffix: null,
  hyperparameters: hyperparameters({ training_steps: 100 }),
  seed: 1,
  steps: 100,
  tokensMost: 1_000_000,
  training: [dataSet(linesOf(learned))],
  validation: [dataSet(linesOf(unseen))],
  skipShare: 0,
  resume: null,
  keptStep: 0,
  ...more,
});

/** What a model says when it takes the likeliest token each time. */
export function say(model: Model, question: string): string {
  const words = model.copyBeyond ? wordsToCopy(question, model.vocabulary, model.copyBeyond) : [];
  const copies = copyTexts(words);
  const decoder = createDecoder(model.vocabulary, copies);
  const context = { cues: cuesOf(question, model.lexicon), tokens: [marks.assistant], copies };
  let said = "";
  let count = 0;
  for (const token of answerTokens(createSampler(model), context, { temperature: 0, stop: [] }, seeded(1))) {
    said += decoder.push(token);
    if (++count === 80) break;
  }
  return said + decoder.flush();
}
