import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";

/** Where the keyring lies: one document, replaced as a whole. Writers take turns; that is the caller's to see to. */
export type KeyringStore = {
  /** Its bytes, or null where there is none. */
  read(): Promise<Buffer | null>;
  /** Resolves when the new document is on the disk and the old one's bytes are not. */
  write(document: Buffer): Promise<void>;
};

/** In a file. A rename alone leaves the old document on the device, so its bytes are written over. */
export function keyringFile(name: string): KeyringStore {
  const folder = path.dirname(name);
  return {
    read: () => fs.readFile(name).catch(orNull),
    write: async (document) => {
      await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      for (const left of await fs.readdir(folder))
        if (left.startsWith(`${path.basename(name)}.`)) await destroy(path.join(folder, left), name);
      const draft = `${name}.${randomBytes(6).toString("hex")}`;
      const file = await fs.open(draft, "wx", 0o600);
      await file
        .writeFile(document)
        .then(() => file.sync())
        .finally(() => file.close());
      // By another name, so that the next writer finds it where this one is killed before it has written over it.
      const old = `${draft}.old`;
      // Where a file can have one name only it is held open instead.
      const held = await fs.link(name, old).then(
        () => null,
        () => fs.open(name, "r+").catch(orNull),
      );
      await fs.rename(draft, name);
      await sync(folder);
      if (held) await overwrite(held).finally(() => held.close());
      else await destroy(old, name);
    },
  };
}

function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

/**
 * A file of which nothing shall be left: a document before, or what a writer left that was killed in the middle. What is
 * another name of the document that is in use is only taken away.
 */
async function destroy(left: string, name: string): Promise<void> {
  const file = await fs.open(left, "r+").catch(orNull);
  if (!file) return;
  try {
    const { ino } = await file.stat();
    const used = await fs.stat(name).catch(orNull);
    if (used?.ino !== ino) await overwrite(file);
  } finally {
    await file.close();
  }
  await fs.rm(left, { force: true });
}

async function overwrite(file: fs.FileHandle): Promise<void> {
  const { size } = await file.stat();
  await file.write(randomBytes(size), 0, size, 0);
  await file.sync();
}

/** Not every system can do this to a folder. */
async function sync(folder: string): Promise<void> {
  const handle = await fs.open(folder).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
