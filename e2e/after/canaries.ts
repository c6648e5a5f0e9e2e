import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { formsOf } from "#lib/domain/zero-retention/sweep/rules.ts";

/** Words that are no one's. All of a kind begin alike, so one search finds whichever was left. */
export class Canaries {
  readonly stem = `z${randomBytes(8).toString("hex")}`.slice(0, 16);
  #made = 0;

  get made(): number {
    return this.#made;
  }

  next(): string {
    this.#made++;
    return `${this.stem}n${this.#made}`;
  }
}

const windowBytes = 8;

/**
 * Every form in which a stem may lie in a file. What PostgreSQL compresses or lays across two pages is cut by foreign
 * bytes; eight in a row are left of sixteen wherever they are cut.
 */
function formsIn(stem: string): Buffer[] {
  const pieces = Array.from({ length: stem.length - windowBytes + 1 }, (_, at) => stem.slice(at, at + windowBytes));
  const spelled = [...pieces, ...formsOf(stem), Buffer.from(stem).toString("hex").toUpperCase()];
  return [...spelled.map((form) => Buffer.from(form)), Buffer.from(stem, "utf16le")];
}

const pieceBytes = 16 * 1024 * 1024;

/** Which of the kinds of words stand in a file. It may go or grow meanwhile, as those of a database do. */
function kindsIn(file: string, forms: ReadonlyMap<string, Buffer[]>): string[] {
  const found = new Set<string>();
  const piece = Buffer.alloc(pieceBytes);
  let handle: number | undefined;
  try {
    handle = fs.openSync(file, "r");
    const overlap = 128;
    for (let at = 0, read = 0; ; at += read - overlap) {
      read = fs.readSync(handle, piece, 0, pieceBytes, at);
      const part = piece.subarray(0, read);
      for (const [kind, all] of forms) if (all.some((form) => part.includes(form))) found.add(kind);
      if (read < pieceBytes) break;
    }
  } catch {
    // Gone.
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
  return [...found];
}

export type Search = { files: number; found: Record<string, string[]> };

/** Every file beneath these places that was written since a moment, and in which of them a word of each kind stands. */
export function search(places: readonly string[], kinds: Readonly<Record<string, Canaries>>, since: Date): Search {
  const forms = new Map(Object.entries(kinds).map(([kind, { stem }]) => [kind, formsIn(stem)]));
  const found: Record<string, string[]> = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  const files = new Set(places.flatMap((place) => filesIn(place, since)));
  for (const file of files) for (const kind of kindsIn(file, forms)) found[kind]?.push(file);
  return { files: files.size, found };
}

function filesIn(place: string, since: Date): string[] {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (stat?.isFile()) return stat.mtime >= since ? [place] : [];
  if (!stat?.isDirectory()) return [];
  return namesIn(place).flatMap((name) => {
    const file = path.join(place, name);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) return filesIn(file, since);
    return found?.isFile() && found.mtime >= since ? [file] : [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
