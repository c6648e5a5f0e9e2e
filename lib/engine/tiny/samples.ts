import { programs } from "./corpus/code.ts";
import { conversation, unknowns } from "./corpus/conversation.ts";
import { type Dialogue, dialoguesOf } from "./corpus/dialogue.ts";
import { factDialogues } from "./corpus/facts.ts";
import { product } from "./corpus/product.ts";
import { cuesOf, gapCuesOf, type Lexicon, wordsOf } from "./cues.ts";
import { between, seeded } from "./random.ts";
import { buildVocabulary, decode, encode, marks, type Vocabulary } from "./tokenizer.ts";
import type { Sample } from "./train.ts";

export type Corpus = { dialogues: Dialogue[]; programs: readonly string[] };

export const baseCorpus = (): Corpus => ({
  dialogues: [...factDialogues(), ...dialoguesOf(conversation), ...dialoguesOf(product), ...dialoguesOf(unknowns)],
  programs,
});

/** Indentation in one token; spelled space by space a model with four tokens of memory would lose count. */
const indents = Array.from({ length: 15 }, (_, at) => " ".repeat(at + 2));

export const vocabularyOf = ({ dialogues, programs }: Corpus): Vocabulary =>
  // A space before each answer, because that is how most words meet the tokenizer.
  buildVocabulary([
    ...dialogues.flatMap(({ asks, answer }) => [...asks, answer, ` ${answer}`]),
    ...programs,
    ...indents,
  ]);

export function lexiconOf({ dialogues }: Corpus): Lexicon {
  const lexicon = new Map<number, number>();
  for (const ask of dialogues.flatMap(({ asks }) => asks)) {
    for (const word of new Set(wordsOf(ask))) lexicon.set(word, (lexicon.get(word) ?? 0) + 1);
  }
  return lexicon;
}

const gapsPerProgram = 24;

/** Every way to ask with its answer, and programs with gaps; one in twelve is held out to measure what was learned. */
export function samplesOf(
  corpus: Corpus,
  vocabulary: Vocabulary,
  lexicon: Lexicon,
): { train: Sample[]; heldOut: Sample[] } {
  const answers = corpus.dialogues.flatMap(({ asks, answer }) => {
    const tokens = [marks.assistant, ...encode(vocabulary, answer), marks.end];
    return asks.map((ask) => ({ cues: cuesOf(ask, lexicon), tokens, from: 1 }));
  });
  const random = seeded(7);
  const gaps = corpus.programs.flatMap((program) =>
    Array.from({ length: gapsPerProgram }, () => gapIn(program, random, vocabulary)),
  );
  const all = [...answers, ...gaps];
  return { train: all.filter((_, at) => at % 12 !== 5), heldOut: all.filter((_, at) => at % 12 === 5) };
}

/** A gap between two tokens, or behind the white space that begins one, as people place their cursor. */
function gapIn(program: string, random: () => number, vocabulary: Vocabulary): Sample {
  const tokens = encode(vocabulary, program);
  const edges = tokens.map((_, at) => decode(vocabulary, tokens.slice(0, at)).length);
  const edge = edges[between(random, Math.min(4, edges.length - 2), edges.length - 2)] ?? 0;
  const start = /\s/.test(program[edge] ?? "") && random() < 0.5 ? edge + 1 : edge;
  const end = gapEnd(program, start, edges, random);
  return gapSample(vocabulary, program.slice(0, start), program.slice(start, end), program.slice(end));
}

function gapEnd(program: string, start: number, edges: readonly number[], random: () => number): number {
  const kind = random();
  const lineEnd = program.indexOf("\n", start + 1);
  if (kind < 0.6 && lineEnd > 0) return lineEnd;
  const later = edges.filter((edge) => edge > start);
  return kind < 0.8 ? program.length : (later[between(random, 0, Math.min(12, later.length - 1))] ?? program.length);
}

function gapSample(vocabulary: Vocabulary, prefix: string, gap: string, suffix: string): Sample {
  const context = gapContext(vocabulary, prefix, suffix);
  return {
    cues: context.cues,
    tokens: [...context.tokens, ...encode(vocabulary, gap), marks.end],
    from: context.tokens.length,
  };
}

/** Where filling a gap begins: the mark, the last tokens before the gap, and cues from both sides. */
export function gapContext(
  vocabulary: Vocabulary,
  prefix: string,
  suffix: string,
): { cues: number[]; tokens: number[] } {
  const after = encode(vocabulary, suffix.slice(0, 200));
  return {
    cues: gapCuesOf(prefix, after),
    tokens: [marks.fim, ...encode(vocabulary, prefix.slice(-400)).slice(-8)],
  };
}
