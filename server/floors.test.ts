import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** From the ground up. A file may import from its own floor and from those before it; rooms of one floor form no cycle. */
const floors: readonly (readonly string[])[] = [
  ["db"],
  ["lib/core"],
  ["lib/engine"],
  ["lib/domain"],
  ["lib/gateway"],
  ["components"],
  ["app", "server", "proxy.ts"],
];

const files = ["db", "lib", "components", "app", "server"]
  .flatMap((top) => fs.readdirSync(top, { recursive: true, encoding: "utf8" }).map((name) => path.join(top, name)))
  .concat("proxy.ts")
  .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.ts$|testing/.test(name));

const floorOf = (file: string): number =>
  floors.findIndex((tops) => tops.some((top) => file === top || file.startsWith(`${top}/`)));

/** The folder right on the floor, or the file itself where it lies there alone. */
function roomOf(file: string): string {
  const top = floors.flat().find((name) => file === name || file.startsWith(`${name}/`)) ?? file;
  return path.join(top, file.slice(top.length + 1).split("/")[0] ?? "");
}

/** Values and types alike: what a file names, it depends on. */
function importsOf(file: string): string[] {
  const found = [...fs.readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([#.][^"]+\.(?:ts|tsx|mjs))"/g)];
  return found.map(([, name = ""]) => (name.startsWith("#") ? name.slice(1) : path.join(path.dirname(file), name)));
}

const arrows = files.flatMap((from) => importsOf(from).map((to) => ({ from, to })));

test("imports go down only, and production code imports nothing for tests", () => {
  expect(arrows.length).toBeGreaterThan(2000);
  expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
  expect(arrows.filter(({ from, to }) => floorOf(to) > floorOf(from) || /testing/.test(to))).toEqual([]);
});

/** Every room that can be reached from one, through whatever rooms. */
function reachable(
  from: string,
  next: ReadonlyMap<string, ReadonlySet<string>>,
  seen = new Set<string>(),
): Set<string> {
  for (const room of next.get(from) ?? []) if (!seen.has(room)) reachable(room, next, seen.add(room));
  return seen;
}

test("no rooms import each other in a circle", () => {
  const between = arrows.filter(({ from, to }) => roomOf(from) !== roomOf(to));
  const next = new Map<string, Set<string>>();
  for (const { from, to } of between) next.set(roomOf(from), (next.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
  const beyond = new Map([...next.keys()].map((room) => [room, reachable(room, next)]));
  const circular = between.filter(({ from, to }) => beyond.get(roomOf(to))?.has(roomOf(from)));
  expect(next.size).toBeGreaterThan(100);
  const examples = new Map(circular.map(({ from, to }) => [`${roomOf(from)} -> ${roomOf(to)}`, `${from} -> ${to}`]));
  expect([...examples]).toEqual([]);
});
