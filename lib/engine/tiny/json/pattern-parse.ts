import { refuse } from "./schema.ts";

/** Regular expressions of a simple kind: characters, classes, groups, alternatives, counts and anchors. */
export type Pattern = Branch[];
export type Branch = Part[];
export type Part = { atom: Atom; least: number; most: number };
export type Atom =
  | { kind: "set"; has: ReadonlySet<string>; not: boolean }
  | { kind: "group"; branches: Branch[] }
  | { kind: "start" | "end" };

const digits = "0123456789";
const letters = "abcdefghijklmnopqrstuvwxyz";
export const wordCharacters = letters + letters.toUpperCase() + digits;
const classes: Record<string, string> = { d: digits, w: `${wordCharacters}_`, s: " \t\n\r\f\v" };
const controls: Record<string, string> = { n: "\n", r: "\r", t: "\t" };
const unbounded = 1000;
const widestRange = 2000;

type Cursor = { characters: string[]; at: number };

export function parsePattern(source: string): Pattern {
  const cursor = { characters: [...source], at: 0 };
  const parsed = branches(cursor);
  return cursor.at < cursor.characters.length ? fail(cursor) : parsed;
}

function fail({ characters }: Cursor): never {
  throw refuse(`the pattern ${JSON.stringify(characters.join(""))} is not of the simple kind it supports`);
}

function take(cursor: Cursor, wanted: string): boolean {
  if (cursor.characters[cursor.at] !== wanted) return false;
  cursor.at++;
  return true;
}

const next = (cursor: Cursor): string => cursor.characters[cursor.at++] ?? fail(cursor);

function branches(cursor: Cursor): Branch[] {
  const found = [branch(cursor)];
  while (take(cursor, "|")) found.push(branch(cursor));
  return found;
}

function branch(cursor: Cursor): Branch {
  const parts: Part[] = [];
  while (cursor.at < cursor.characters.length && !"|)".includes(cursor.characters[cursor.at] ?? "")) {
    const atom = atomAt(cursor);
    parts.push({ atom, ...countsAt(cursor) });
  }
  return parts;
}

function atomAt(cursor: Cursor): Atom {
  const character = next(cursor);
  if (character === "^") return { kind: "start" };
  if (character === "$") return { kind: "end" };
  if (character === ".") return { kind: "set", has: new Set("\n\r\u2028\u2029"), not: true };
  if (character === "[") return setAt(cursor);
  if (character === "(") return groupAt(cursor);
  if (character === "\\") return { kind: "set", has: new Set(escaped(cursor)), not: false };
  return "*+?{}]".includes(character) ? fail(cursor) : { kind: "set", has: new Set(character), not: false };
}

function groupAt(cursor: Cursor): Atom {
  if (take(cursor, "?") && !take(cursor, ":")) fail(cursor);
  const inside = branches(cursor);
  return take(cursor, ")") ? { kind: "group", branches: inside } : fail(cursor);
}

function escaped(cursor: Cursor): string {
  const character = next(cursor);
  const known = classes[character] ?? controls[character];
  return known ?? (/[a-z0-9]/i.test(character) ? fail(cursor) : character);
}

function setAt(cursor: Cursor): Atom {
  const not = take(cursor, "^");
  let has = "";
  while (!take(cursor, "]")) has += rangeAt(cursor);
  return has === "" ? fail(cursor) : { kind: "set", has: new Set(has), not };
}

const member = (cursor: Cursor): string => (take(cursor, "\\") ? escaped(cursor) : next(cursor));

function rangeAt(cursor: Cursor): string {
  const from = member(cursor);
  const { characters, at } = cursor;
  if (characters[at] !== "-" || characters[at + 1] === "]" || [...from].length > 1) return from;
  cursor.at++;
  const low = from.codePointAt(0) ?? 0;
  const high = member(cursor).codePointAt(0) ?? 0;
  if (high < low || high - low > widestRange) fail(cursor);
  return Array.from({ length: high - low + 1 }, (_, offset) => String.fromCodePoint(low + offset)).join("");
}

function countsAt(cursor: Cursor): { least: number; most: number } {
  const found = countAt(cursor);
  // Lazy or greedy, the texts are the same.
  take(cursor, "?");
  return found;
}

function countAt(cursor: Cursor): { least: number; most: number } {
  if (take(cursor, "*")) return { least: 0, most: unbounded };
  if (take(cursor, "+")) return { least: 1, most: unbounded };
  if (take(cursor, "?")) return { least: 0, most: 1 };
  if (cursor.characters[cursor.at] !== "{") return { least: 1, most: 1 };
  const rest = cursor.characters.slice(cursor.at, cursor.at + 9).join("");
  const [whole = "", least, comma, most] = /^\{(\d{1,3})(,?)(\d{0,3})\}/.exec(rest) ?? fail(cursor);
  cursor.at += whole.length;
  if (comma === "") return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === "" ? unbounded : Number(most) };
}
