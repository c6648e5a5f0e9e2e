import { handlePattern } from "#lib/domain/agents/handles/rules.ts";

/** An `@handle` in a text, the handle in lower case, from its `@` to after its last letter. */
export type Mention = { handle: string; start: number; end: number };

type Range = { start: number; end: number };

/**
 * The agents a text may be calling (T-4.3-TAG). Code, e-mail addresses, links and package names are no calls, the person who is
 * called so. Every position is looked at a fixed number of times, so that a huge text takes no longer than its length.
 */
export function mentionsIn(text: string): Mention[] {
  if (!/[@＠﹫]/.test(text)) return [];
  const code = codeIn(text);
  let { value: range } = code.next();
  const mentions: Mention[] = [];
  for (const start of signsIn(text)) {
    while (range && range.end <= start) range = code.next().value;
    const mention = range && range.start <= start ? null : mentionAt(text, start);
    if (mention) mentions.push(mention);
  }
  return mentions;
}

/** Where there is an `@` outside links; nothing after the beginning of one calls anyone before the next space. */
function* signsIn(text: string): Generator<number> {
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const link = word.search(/:\/\/|www\.|mailto:/i);
    for (const sign of (link < 0 ? word : word.slice(0, link)).matchAll(/[@＠﹫]/g)) yield index + sign.index;
  }
}

/** The agent a text calls: the first of those named in it that can be. Any other name is only text. */
export const calledAgent = (text: string, isUsable: (handle: string) => boolean): Mention | null =>
  mentionsIn(text).find(({ handle }) => isUsable(handle)) ?? null;

/** What is left to answer: a call that begins the text is taken out of it; anywhere else it is part of a sentence. */
export function withoutMention(text: string, { start, end }: Range): string {
  if (text.slice(0, start).trim() !== "") return text;
  const rest = text.slice(end).replace(/^[\s,:;，：；、]+/, "");
  return rest === "" ? text : rest;
}

// Of a word, a link or an address that goes on; a backslash takes the meaning from what follows it.
const binds = /[\p{L}\p{N}\p{M}_@＠﹫/\\]/u;
const goesOn = /^(?:[\p{L}\p{N}\p{M}_@＠﹫]|[./][\p{L}\p{N}])/u;

function mentionAt(text: string, start: number): Mention | null {
  if (start > 0 && binds.test(characterBefore(text, start))) return null;
  const { handle, end } = handleAt(text, start + 1);
  return handlePattern.test(handle) && !goesOn.test(text.slice(end, end + 4)) ? { handle, start, end } : null;
}

/** Whole, where it takes two places. */
function characterBefore(text: string, place: number): string {
  const isSecondHalf = /[\uDC00-\uDFFF]/.test(text[place - 1] ?? "");
  return text.slice(Math.max(0, place - (isSecondHalf ? 2 : 1)), place);
}

const longest = 32;

/** What could be a handle from here on, however wide its letters are; dashes at its end are punctuation. */
function handleAt(text: string, from: number): { handle: string; end: number } {
  let handle = "";
  let end = from;
  let read = "";
  // More than the longest is no handle, so nothing further needs to be looked at.
  for (let place = from; read.length <= longest; ) {
    const letter = String.fromCodePoint(text.codePointAt(place) ?? 0x20);
    const plain = letter.normalize("NFKC").toLowerCase();
    if (!/^[a-z0-9-]+$/.test(plain)) return { handle, end };
    read += plain;
    place += letter.length;
    if (!plain.endsWith("-")) {
      handle = read;
      end = place;
    }
  }
  return { handle: read, end };
}

/** Fenced blocks and code in lines, in the order they come. */
function* codeIn(text: string): Generator<Range, undefined> {
  let fence = "";
  let from = 0;
  for (const { 0: line, index } of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    const mark = /^[ \t>]*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1] ?? "";
    if (!isEdge(line, mark, fence)) continue;
    const end = index + line.length;
    if (fence) yield { start: from, end };
    else yield* codeInLines(text, from, index);
    fence = fence ? "" : mark;
    from = fence ? index : end;
  }
  if (fence) yield { start: from, end: text.length };
  else yield* codeInLines(text, from, text.length);
}

/** Whether a line ends the fenced block it is in, or else the paragraph. */
function isEdge(line: string, mark: string, fence: string): boolean {
  if (!fence) return mark !== "" || line.trim() === "";
  return mark[0] === fence[0] && mark.length >= fence.length && line.replace(/^[ \t>]*/, "").trim() === mark;
}

/** Code between backticks of one paragraph: as many of them at its end as at its beginning. */
function* codeInLines(text: string, start: number, end: number): Generator<Range> {
  const ticks = [...text.slice(start, end).matchAll(/`+/g)].map(({ 0: { length }, index }) => ({ length, index }));
  const later = new Map<number, number>();
  const partners: (number | undefined)[] = [];
  for (const [i, { length }] of [...ticks.entries()].reverse()) {
    partners[i] = later.get(length);
    later.set(length, i);
  }
  for (let i = 0; i < ticks.length; i++) {
    const closing = ticks[partners[i] ?? -1];
    if (!closing) continue;
    yield { start: start + (ticks[i]?.index ?? 0), end: start + closing.index + closing.length };
    i = partners[i] ?? i;
  }
}
