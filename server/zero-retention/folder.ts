import fs from "node:fs";
import path from "node:path";
import { formsOf } from "#lib/domain/zero-retention/sweep/rules.ts";

const pieceBytes = 8 * 1024 * 1024;

/** The files of a folder, as many as there are, that changed since a moment and contain a string in one of its forms. */
export async function filesWith(
  folder: string,
  canary: string,
  since: Date,
): Promise<{ files: number; found: string[] }> {
  const forms = [...formsOf(canary).map((form) => Buffer.from(form)), Buffer.from(canary, "utf16le")];
  const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  let files = 0;
  const found: string[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.mtime < since) continue;
    files++;
    if (await contains(file, forms)) found.push(name);
  }
  return { files, found };
}

/** Read piece by piece, each with the end of the one before. */
async function contains(file: string, forms: readonly Buffer[]): Promise<boolean> {
  const longest = Math.max(...forms.map(({ length }) => length));
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of fs.createReadStream(file, { highWaterMark: pieceBytes })) {
      const piece = Buffer.concat([rest, chunk as Buffer]);
      if (forms.some((form) => piece.includes(form))) return true;
      rest = piece.subarray(-longest);
    }
  } catch {
    // Gone meanwhile, as files of a database go.
  }
  return false;
}
