import type { DiffRow, WordRun } from "./view.ts";

/** A text in paragraphs, as they are separated by empty lines. */
export const paragraphsOf = (text: string): string[] =>
  text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean);

type Pair = [before: number, after: number];

/** Beyond this many comparisons the middle counts as replaced: a page has to answer, whatever is published. */
const comparisonsMax = 4_000_000;

/** The longest sequence that both lists have in common, as pairs of places. */
function common(one: readonly string[], other: readonly string[]): Pair[] {
  let head = 0;
  while (head < one.length && head < other.length && one[head] === other[head]) head += 1;
  let tail = 0;
  const room = Math.min(one.length, other.length) - head;
  while (tail < room && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  const middle = longest(one.slice(head, one.length - tail), other.slice(head, other.length - tail));
  return [
    ...Array.from({ length: head }, (_, i): Pair => [i, i]),
    ...middle.map(([a, b]): Pair => [a + head, b + head]),
    ...Array.from({ length: tail }, (_, i): Pair => [one.length - tail + i, other.length - tail + i]),
  ];
}

function longest(one: readonly string[], other: readonly string[]): Pair[] {
  if (one.length * other.length > comparisonsMax) return [];
  const at = lengthsOf(one, other);
  const pairs: Pair[] = [];
  let [a, b] = [0, 0];
  while (a < one.length && b < other.length) {
    if (one[a] === other[b]) pairs.push([a++, b++]);
    else if (at(a + 1, b) >= at(a, b + 1)) a += 1;
    else b += 1;
  }
  return pairs;
}

/** How much the rests of both lists have in common, from each pair of places on. */
function lengthsOf(one: readonly string[], other: readonly string[]): (a: number, b: number) => number {
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  const at = (a: number, b: number): number => lengths[a * width + b] ?? 0;
  for (let a = one.length - 1; a >= 0; a--)
    for (let b = other.length - 1; b >= 0; b--)
      lengths[a * width + b] = one[a] === other[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
  return at;
}

const piecesOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];

/** What changed inside a paragraph; runs of one kind stand together. */
export function wordsOf(before: string, after: string): WordRun[] {
  const [one, other] = [piecesOf(before), piecesOf(after)];
  const runs: WordRun[] = [];
  const add = (text: string, mark: WordRun["mark"]): void => {
    const last = runs.at(-1);
    if (last?.mark === mark) last.text += text;
    else if (text) runs.push({ text, mark });
  };
  let [a, b] = [0, 0];
  for (const [nextA, nextB] of [...common(one, other), [one.length, other.length] satisfies Pair]) {
    add(one.slice(a, nextA).join(""), "removed");
    add(other.slice(b, nextB).join(""), "added");
    add(one[nextA] ?? "", "same");
    [a, b] = [nextA + 1, nextB + 1];
  }
  return runs;
}

/** From so much in common on, a paragraph counts as changed, and not as another. */
const likeness = 0.4;

function isAlike(words: readonly WordRun[]): boolean {
  const length = (mark: WordRun["mark"]) =>
    words.filter((run) => run.mark === mark).reduce((sum, { text }) => sum + text.length, 0);
  const same = length("same");
  return same > 0 && same / (same + Math.max(length("removed"), length("added"))) >= likeness;
}

/**
 * What changed from one text to another, by paragraphs: one that only stands elsewhere is marked as moved, and inside one
 * that changed, the words are. Reading what is after, in this order, gives the new text; what is before, the old one.
 */
export function diffOf(before: string, after: string): DiffRow[] {
  const [old, young] = [paragraphsOf(before), paragraphsOf(after)];
  const kept = common(old, young);
  const [stayedOld, stayedYoung] = [new Set(kept.map(([a]) => a)), new Set(kept.map(([, b]) => b))];
  const gone = old.filter((_, i) => !stayedOld.has(i));
  const come = young.filter((_, i) => !stayedYoung.has(i));
  const moved = new Set(gone.filter((paragraph) => come.includes(paragraph)));
  const rows: Omit<DiffRow, "anchor">[] = [];
  let [a, b] = [0, 0];
  for (const [nextA, nextB] of [...kept, [old.length, young.length] satisfies Pair]) {
    rows.push(...between(old.slice(a, nextA), young.slice(b, nextB), moved));
    const same = old[nextA];
    if (same !== undefined) rows.push({ mark: "same", before: same, after: same, words: [] });
    [a, b] = [nextA + 1, nextB + 1];
  }
  return withAnchors(rows);
}

/** What stands between two paragraphs that stayed: those that are alike are one that changed, in their order. */
function between(
  gone: readonly string[],
  come: readonly string[],
  moved: ReadonlySet<string>,
): Omit<DiffRow, "anchor">[] {
  const rows: Omit<DiffRow, "anchor">[] = [];
  let next = 0;
  for (const before of gone) {
    if (moved.has(before)) {
      rows.push({ mark: "moved-away", before, after: null, words: [] });
      continue;
    }
    const match = come.findIndex((after, i) => i >= next && !moved.has(after) && isAlike(wordsOf(before, after)));
    if (match < 0) {
      rows.push({ mark: "removed", before, after: null, words: [] });
      continue;
    }
    rows.push(...come.slice(next, match).map((after) => newRow(after, moved)));
    const after = come[match] ?? "";
    rows.push({ mark: "changed", before, after, words: wordsOf(before, after) });
    next = match + 1;
  }
  return [...rows, ...come.slice(next).map((after) => newRow(after, moved))];
}

const newRow = (after: string, moved: ReadonlySet<string>): Omit<DiffRow, "anchor"> => ({
  mark: moved.has(after) ? "moved-here" : "added",
  before: null,
  after,
  words: [],
});

function withAnchors(rows: readonly Omit<DiffRow, "anchor">[]): DiffRow[] {
  const taken = new Map<string, number>();
  return rows.map((row) => {
    const heading = /^#{1,6}\s+(.+)/.exec(row.after ?? row.before ?? "")?.[1];
    if (!heading) return { ...row, anchor: null };
    const name =
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .replace(/^-|-$/g, "") || "section";
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    return { ...row, anchor: count === 1 ? name : `${name}-${count}` };
  });
}
