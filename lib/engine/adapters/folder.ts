import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { dayMs, timestamp } from "#lib/core/clock.ts";
import type { Pieces } from "#lib/core/storage/port.ts";
import { type ArchiveFile, BadArchive, filesOf } from "./archive.ts";
import { isOurAdapter } from "./names.ts";

const description = "adapter_config.json";
/** What an adapter is made of, and the most bytes each has. Optimizer states, tokenizers and pickles stay in the archive. */
const adapterFiles = new Map([
  [description, 1_048_576],
  ["adapter_model.safetensors", 17_179_869_184],
]);

/** The file's name where it lies at the top or one folder below, which is how trainers pack an adapter. */
function adapterFile({ path: place, size }: ArchiveFile): string | null {
  const parts = place.split("/").filter((part) => part !== "" && part !== ".");
  const name = parts.at(-1) ?? "";
  const most = adapterFiles.get(name);
  if (most === undefined || parts.length > 2 || parts.includes("..")) return null;
  if (size > most) throw new BadArchive(`${name} has ${size} bytes; ${most} are the most.`);
  return name;
}

async function write(place: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  const file = await fs.open(place, "wx", 0o600);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function refuseUnlessAdapter(place: string, found: ReadonlySet<string>): Promise<void> {
  const missing = [...adapterFiles.keys()].find((name) => !found.has(name));
  if (missing) throw new BadArchive(`The archive has no ${missing}, so it is no adapter.`);
  const said: unknown = await fs
    .readFile(path.join(place, description), "utf8")
    .then(JSON.parse)
    .catch(() => null);
  if (said === null || typeof said !== "object") throw new BadArchive(`${description} is no JSON object.`);
}

/** Lays the adapter of an archive into a folder of its name, where a server can load it: all of it or nothing. */
export async function layAdapter(folder: string, name: string, archive: () => Promise<Pieces>): Promise<void> {
  if (await isLaid(folder, name)) return;
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = path.join(folder, `.${name}.${randomUUID()}`);
  await fs.mkdir(draft, { mode: 0o700 });
  try {
    const found = new Set<string>();
    for await (const file of filesOf(await archive())) {
      const named = adapterFile(file);
      if (!named) continue;
      if (found.has(named)) throw new BadArchive(`The archive has ${named} twice.`);
      found.add(named);
      await write(path.join(draft, named), file.body());
    }
    await refuseUnlessAdapter(draft, found);
    await fs.rename(draft, path.join(folder, name));
  } catch (error) {
    await fs.rm(draft, { recursive: true, force: true });
    // Another process laid it down meanwhile: it is the same.
    if (!(await isLaid(folder, name))) throw error;
  }
}

export const isLaid = async (folder: string, name: string): Promise<boolean> =>
  (await fs.stat(path.join(folder, name)).catch(() => null))?.isDirectory() ?? false;

/** The names of adapters of ours that lie there. */
export async function laidIn(folder: string): Promise<string[]> {
  const all = await fs.readdir(folder).catch(() => []);
  return all.filter(isOurAdapter);
}

/** A draft that is older was left behind by a process that died. */
const draftMs = dayMs / 24;

/** Removes adapters of ours that are not wanted any more, and what was left half written; other folders stay. */
export async function tidyAdapters(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const entry of await fs.readdir(folder).catch(() => [])) {
    const name = entry.replace(/^\.(.*)\.[^.]*$/, "$1");
    const place = path.join(folder, entry);
    if (!isOurAdapter(name) || (wanted.has(name) && !(await isLeft(entry, place)))) continue;
    await fs.rm(place, { recursive: true, force: true });
  }
}

async function isLeft(entry: string, place: string): Promise<boolean> {
  if (!entry.startsWith(".")) return false;
  const made = await fs.stat(place).catch(() => null);
  return made !== null && timestamp() - made.mtimeMs > draftMs;
}
