import { between, type Random } from "#lib/engine/tiny/random.ts";
import { type Atom, type Branch, type Part, type Pattern, wordCharacters } from "./pattern-parse.ts";

const mostSteps = 20_000;
/** Longer texts would take the recursion below too deep. */
const longestText = 1000;

/** A text of the pattern; not always one that matches where anchors stand in odd places, so ask `matchesPattern`. */
export function drawPattern(pattern: Pattern, random: Random, extra: number): string {
  const branch = pattern[between(random, 0, pattern.length - 1)] ?? [];
  return branch.map((part) => drawPart(part, random, extra)).join("");
}

function drawPart({ atom, least, most }: Part, random: Random, extra: number): string {
  const times = between(random, least, Math.min(most, least + extra));
  return Array.from({ length: times }, () => drawAtom(atom, random, extra)).join("");
}

function drawAtom(atom: Atom, random: Random, extra: number): string {
  if (atom.kind === "group") return drawPattern(atom.branches, random, extra);
  if (atom.kind !== "set") return "";
  const characters = atom.not ? [...`${wordCharacters} -_.,`].filter((one) => !atom.has.has(one)) : [...atom.has];
  return characters[between(random, 0, characters.length - 1)] ?? "";
}

/**
 * Whether the pattern occurs in the text; a search that takes too long counts as no. A matcher of our own, because
 * it counts its steps: a customer's pattern must not be able to keep the worker busy for ever.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  const characters = [...text];
  if (characters.length > longestText) return false;
  let steps = 0;
  type Next = (at: number) => boolean;
  const any = (branches: Branch[], at: number, next: Next): boolean =>
    branches.some((branch) => sequence(branch, 0, at, next));
  const sequence = (branch: Branch, index: number, at: number, next: Next): boolean => {
    const part = branch[index];
    return part ? repeat(part, 0, at, (after) => sequence(branch, index + 1, after, next)) : next(at);
  };
  const repeat = (part: Part, times: number, at: number, next: Next): boolean => {
    if (++steps > mostSteps) return false;
    const more = (after: number): boolean => (after > at || times < part.least) && repeat(part, times + 1, after, next);
    if (times < part.most && once(part.atom, at, more)) return true;
    return times >= part.least && next(at);
  };
  const once = (atom: Atom, at: number, next: Next): boolean => {
    if (atom.kind === "group") return any(atom.branches, at, next);
    if (atom.kind !== "set") return at === (atom.kind === "start" ? 0 : characters.length) && next(at);
    const character = characters[at];
    return character !== undefined && atom.has.has(character) !== atom.not && next(at + 1);
  };
  return Array.from({ length: characters.length + 1 }, (_, start) => start).some((start) =>
    any(pattern, start, () => true),
  );
}
