import { copyTexts, encodeWithCopies, wordsToCopy } from "#lib/engine/tiny/copies.ts";
import { cuesOf, type Lexicon, wordsOf } from "#lib/engine/tiny/cues.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import { contextLength } from "#lib/engine/tiny/prompt.ts";
import { encode, marks, type Vocabulary } from "#lib/engine/tiny/tokenizer.ts";
import type { CountTokens, Lesson } from "./lessons.ts";

/** What a lesson may have where none was said. */
const defaultLength = 2048;

/** The most tokens of a lesson: no more than this model ever reads. */
export const lengthOf = (asked: number | null): number => Math.min(asked ?? defaultLength, contextLength);

/** Counts as the base spells; the rest of a text that is longer than may be is not looked at. */
export function counterOf(vocabulary: Vocabulary): CountTokens {
  const longest = longestOf(vocabulary);
  return (text, most) => encode(vocabulary, text.slice(0, (most + 1) * longest)).length;
}

const longestOf = ({ texts }: Vocabulary): number => texts.reduce((most, { length }) => Math.max(most, length), 1);

/** A lesson as the model sees it. With `masked` cues it learns what to say of words that it will never have met. */
export type LessonReading = { tokens: number[]; cues: readonly number[]; masked: readonly number[] | null };

export function readingOf({ question, answer }: Lesson, model: Model, tokensMost: number): LessonReading {
  const { vocabulary, lexicon, copyBeyond } = model;
  const copied = copyBeyond ? wordsToCopy(question, vocabulary, copyBeyond) : [];
  const longest = Math.max(longestOf(vocabulary), ...copyTexts(copied).map(({ length }) => length));
  const tokens = encodeWithCopies(vocabulary, answer.slice(0, (tokensMost + 1) * longest), copied);
  const end = tokens.length >= tokensMost ? [] : [marks.end];
  const cues = question === "" ? [] : cuesOf(question, lexicon);
  return {
    cues,
    masked: copied.length === 0 ? null : cuesOf(question, without(lexicon, copied)),
    tokens: [marks.assistant, ...tokens.slice(0, tokensMost), ...end],
  };
}

function without(lexicon: Lexicon, words: readonly string[]): Lexicon {
  const hidden = new Set(words.flatMap(wordsOf));
  return {
    has: (word) => !hidden.has(word) && lexicon.has(word),
    get: (word) => (hidden.has(word) ? undefined : lexicon.get(word)),
  };
}

/** Counts the words of a question, each once. */
export function addWords(words: Map<number, number>, question: string): void {
  for (const word of new Set(wordsOf(question))) words.set(word, (words.get(word) ?? 0) + 1);
}
