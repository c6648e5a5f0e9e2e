import { createByteReader, utf8Of } from "./bytes.ts";

/** Ids 0 to 255 are bytes, then these marks, then the pieces of the vocabulary. Text never encodes to a mark. */
export const marks = { end: 256, system: 257, user: 258, assistant: 259, tool: 260, fim: 261, suffix: 262 } as const;
const firstPiece = 263;

const pieces = / ?\p{L}+| ?\p{N}{1,3}|\s+(?!\S)|\s+|[^\s\p{L}\p{N}]/gu;
const fragmentCount = 600;
const longestFragment = 12;

/** The first id behind the vocabulary's own texts; a tuned model's copies begin there. */
export const ownSize = ({ texts }: Vocabulary): number => firstPiece + texts.length;

export type Vocabulary = { ids: ReadonlyMap<string, number>; texts: readonly string[]; size: number };

/** Words as the corpus has them, then its commonest letter groups, so that unknown words need few tokens. */
export function buildVocabulary(texts: readonly string[]): Vocabulary {
  const words = new Map<string, number>();
  for (const text of texts) for (const [word] of text.matchAll(pieces)) count(words, word);
  const fragments = new Map<string, number>();
  for (const [word, times] of words) for (const fragment of fragmentsOf(word)) count(fragments, fragment, times);
  const entries = [...words.keys()].filter(isPiece).sort();
  const known = new Set(entries);
  const common = [...fragments].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([fragment]) => fragment);
  entries.push(...common.filter((fragment) => !known.has(fragment)).slice(0, fragmentCount));
  return {
    ids: new Map(entries.map((entry, at) => [entry, firstPiece + at])),
    texts: entries,
    size: firstPiece + entries.length,
  };
}

const isPiece = (word: string): boolean => word.length > 1 || word.charCodeAt(0) > 127;

function count(counts: Map<string, number>, key: string, times = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}

function* fragmentsOf(word: string): Generator<string> {
  if (!/^ ?[a-z]+$/i.test(word)) return;
  for (let length = 2; length <= 4; length++) {
    for (let at = 0; at + length <= word.length; at++) yield word.slice(at, at + length);
  }
}

export function encode(vocabulary: Vocabulary, text: string): number[] {
  const tokens: number[] = [];
  for (const [piece] of text.matchAll(pieces)) {
    const id = vocabulary.ids.get(piece);
    if (id === undefined) encodeUnknown(vocabulary, piece, tokens);
    else tokens.push(id);
  }
  return tokens;
}

/** The longest known beginning, again and again; a character nothing knows is spelled in its bytes. */
function encodeUnknown(vocabulary: Vocabulary, piece: string, tokens: number[]): void {
  let at = 0;
  while (at < piece.length) {
    const fragment = longestKnown(vocabulary, piece, at);
    if (fragment) {
      tokens.push(fragment.id);
      at += fragment.length;
      continue;
    }
    const point = piece.codePointAt(at) ?? 0;
    tokens.push(...utf8Of(point));
    at += point > 0xffff ? 2 : 1;
  }
}

function longestKnown(vocabulary: Vocabulary, piece: string, at: number): { id: number; length: number } | undefined {
  for (let length = Math.min(longestFragment, piece.length - at); length > 1; length--) {
    const id = vocabulary.ids.get(piece.slice(at, at + length));
    if (id !== undefined) return { id, length };
  }
  const id = vocabulary.ids.get(piece.charAt(at));
  return id === undefined ? undefined : { id, length: 1 };
}

export type Decoder = {
  /** The text that is complete with this token; bytes of an unfinished character wait. */
  push(token: number): string;
  /** What waited in vain. */
  flush(): string;
};

/** `copies` are the texts of the ids behind the vocabulary's own. */
export function createDecoder({ texts }: Vocabulary, copies: readonly string[] = []): Decoder {
  const bytes = createByteReader();
  return {
    push(token) {
      if (token < 256) return bytes.push(token);
      const piece = token - firstPiece;
      return bytes.flush() + (texts[piece] ?? copies[piece - texts.length] ?? "");
    },
    flush: () => bytes.flush(),
  };
}

export function decode(vocabulary: Vocabulary, tokens: readonly number[]): string {
  const decoder = createDecoder(vocabulary);
  return tokens.map((token) => decoder.push(token)).join("") + decoder.flush();
}
