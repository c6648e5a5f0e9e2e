import path from "node:path";
import { stopwatch } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { open, seal } from "#lib/core/secrets.ts";
import { type Keyring, keyringDocument } from "./document.ts";
import { keyringFile } from "./file.ts";

const label = "keyring";
/** A key that was destroyed is in no process's memory for longer than this, also where the news of it was lost. */
const rememberedMs = 10_000;

let held: { keyring: Promise<Keyring>; at: number } | undefined;

/** Where this installation's keyring lies. */
export const keyringPlace = (): string =>
  path.resolve(env().KEYRING ?? path.join(env().DATA_DIR, "keyring", "keyring"));

/** The keyring as it lies there now, or null where there is none. */
export async function readKeyring(): Promise<Keyring | null> {
  const store = keyringFile(keyringPlace());
  for (let document = await store.read(); ; ) {
    if (!document) return null;
    const found = parse(document);
    if (found) return found;
    // Who reads while another takes its place may get bytes that are written over.
    const again: Buffer | null = await store.read();
    if (again?.equals(document)) throw damaged();
    document = again;
  }
}

function parse(document: Buffer): Keyring | null {
  try {
    return keyringDocument.parse(JSON.parse(open(document, label).toString()));
  } catch {
    // What went wrong would quote a document of keys.
    return null;
  }
}

const damaged = (): AppError =>
  new AppError(
    "unavailable",
    `The keyring at ${keyringPlace()} is damaged, or was sealed with another CONTENT_KEY. Nothing was changed.`,
  );

/** Puts another in its place. Callers hold the lock of writers. */
export async function writeKeyring(keyring: Keyring): Promise<void> {
  await keyringFile(keyringPlace()).write(seal(Buffer.from(JSON.stringify(keyring)), label));
  forgetKeyring();
}

/** The keyring as this process knows it. */
export function keyring(): Promise<Keyring> {
  if (held && stopwatch() - held.at < rememberedMs) return held.keyring;
  const reading = readKeyring().then((found) => {
    if (found) return found;
    throw new AppError("unavailable", `There is no keyring at ${keyringPlace()}.`);
  });
  // A read that failed is not remembered.
  reading.catch(() => forgetKeyring());
  held = { keyring: reading, at: stopwatch() };
  return reading;
}

/** It is read anew when it is needed next. */
export function forgetKeyring(): void {
  held = undefined;
}
