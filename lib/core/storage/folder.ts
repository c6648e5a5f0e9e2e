import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { dayMs } from "#lib/core/clock.ts";
import { absent, checkKey, checkPrefix, writeAll } from "./objects.ts";
import type { Range, Storage, Writing } from "./port.ts";

/** Objects as files of a folder. Drafts have a name that no key can have, on the same disk, so that renaming is atomic. */
export function createFolder(root: string): Storage {
  const fileOf = (key: string): string => {
    checkKey(key);
    return path.join(root, ...key.split("/"));
  };
  let swept: Promise<void> | undefined;
  const begin = async (key: string): Promise<Writing> => {
    const target = fileOf(key);
    const drafts = path.join(root, ".drafts");
    await fs.mkdir(drafts, { recursive: true });
    const name = path.join(drafts, randomUUID());
    const file = await fs.open(name, "wx", 0o600);
    swept ??= sweep(drafts, (await file.stat()).mtimeMs);
    await swept;
    return draft(file, name, target);
  };

  return {
    begin,
    write: async (key, pieces) => writeAll(await begin(key), pieces),
    read: async (key, range) => {
      const file = await fs.open(fileOf(key)).catch(orNull);
      if (file === null) throw absent(key);
      if ((await file.stat()).isFile()) return stream(file, range);
      await file.close();
      throw absent(key);
    },
    size: async (key) => {
      const found = await fs.stat(fileOf(key)).catch(orNull);
      return found?.isFile() ? found.size : null;
    },
    remove: async (key) => {
      const file = fileOf(key);
      const isGone = (await fs.unlink(file).catch(orNull)) === null;
      if (!isGone) await sync(path.dirname(file));
    },
    list: async function* (prefix) {
      checkPrefix(prefix);
      yield* keys(root, "", prefix);
    },
  };
}

/** Where nothing is, or a file stands where a folder is asked for, there is no object. */
function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}

async function* stream(file: fs.FileHandle, { first, last }: Range = { first: 0 }): AsyncIterable<Uint8Array> {
  yield* file.createReadStream(last === undefined ? { start: first } : { start: first, end: last });
}

function draft(file: fs.FileHandle, name: string, target: string): Writing {
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    add: async (part) => {
      await file.writeFile(part);
    },
    finish: async () => {
      await file.sync();
      await close();
      const made = await fs.mkdir(path.dirname(target), { recursive: true });
      await fs.rename(name, target);
      await syncUp(path.dirname(target), made === undefined ? path.dirname(target) : path.dirname(made));
    },
    abort: async () => {
      await close();
      await fs.rm(name, { force: true });
    },
  };
}

/** Drafts of a process that died: no write takes a day. */
async function sweep(drafts: string, newestMs: number): Promise<void> {
  for (const name of await fs.readdir(drafts)) {
    const file = path.join(drafts, name);
    const found = await fs.stat(file).catch(orNull);
    if (found && found.mtimeMs < newestMs - dayMs) await fs.rm(file, { force: true });
  }
}

/** A name is safe once its folder is, and a new folder once the one above it is. */
async function syncUp(folder: string, top: string): Promise<void> {
  await sync(folder);
  if (folder !== top && folder !== path.dirname(folder)) await syncUp(path.dirname(folder), top);
}

async function sync(folder: string): Promise<void> {
  const handle = await fs.open(folder).catch(orNull);
  if (handle === null) return;
  // Windows opens no folder for this, and needs none.
  await handle.sync().catch(() => undefined);
  await handle.close();
}

async function* keys(root: string, folder: string, prefix: string): AsyncIterable<string> {
  const entries = (await fs.readdir(path.join(root, folder), { withFileTypes: true }).catch(orNull)) ?? [];
  for (const entry of entries.filter(({ name }) => !name.startsWith("."))) {
    const key = folder + entry.name;
    if (!entry.isDirectory()) {
      if (key.startsWith(prefix)) yield key;
    } else if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* keys(root, `${key}/`, prefix);
  }
}
