import { type Lexicon, wordsOf } from "./cues.ts";
import { encode, ownSize, type Vocabulary } from "./tokenizer.ts";

/** How many words of a question an answer can repeat. */
const slots = 8;

/**
 * A tuned model may repeat words that the base knows nothing of. Its vocabulary ends with two ids a slot: the
 * word of that place in the question, alone and with a space before it.
 */
export const copyIds = slots * 2;

const words = /[\p{L}\p{N}][\p{L}\p{N}'-]*/gu;

/** Distinct words of the question that the base meets in no answer and no question, in their order. */
export function wordsToCopy(question: string, { ids }: Vocabulary, known: Lexicon): string[] {
  const found = new Set<string>();
  for (const [word] of question.slice(-4000).matchAll(words)) {
    if (
      ids.has(word) ||
      ids.has(` ${word}`) ||
      wordsOf(word)
        .slice(0, 1)
        .some((hash) => known.has(hash))
    )
      continue;
    found.add(word);
    if (found.size === slots) break;
  }
  return [...found];
}

/** The texts of the ids behind the vocabulary. */
export const copyTexts = (copied: readonly string[]): string[] => copied.flatMap((word) => [word, ` ${word}`]);

/** The tokens of a text in which the words stand as copies. */
export function encodeWithCopies(vocabulary: Vocabulary, text: string, copied: readonly string[]): number[] {
  if (copied.length === 0) return encode(vocabulary, text);
  const tokens: number[] = [];
  let at = 0;
  for (const { 0: word, index } of text.matchAll(words)) {
    const slot = copied.indexOf(word);
    if (slot < 0) continue;
    const hasSpace = index > at && text[index - 1] === " ";
    append(tokens, encode(vocabulary, text.slice(at, hasSpace ? index - 1 : index)));
    tokens.push(ownSize(vocabulary) + slot * 2 + (hasSpace ? 1 : 0));
    at = index + word.length;
  }
  append(tokens, encode(vocabulary, text.slice(at)));
  return tokens;
}

/** Spreading a long list into a call would overflow the stack. */
function append(tokens: number[], more: readonly number[]): void {
  for (const token of more) tokens.push(token);
}
