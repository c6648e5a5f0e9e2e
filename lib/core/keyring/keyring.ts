import path from "node:path";
import { stopwatch } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { askInternal } from "#lib/core/internal.ts";
import { hasContentKey, openByContentKey, sealByContentKey } from "#lib/core/secrets.ts";
import { durableRings, type Keyring, keyringDocument } from "./document.ts";
import { keyringFile } from "./file.ts";

const label = "keyring";
/** A key that was destroyed is in no process's memory for longer than this, also where the news of it was lost. */
const rememberedMs = 10_000;

type Held<T> = { found: Promise<T>; at: number } | undefined;
let held: Held<Keyring>;
let heldDurable: Held<Keyring["durable"]>;

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
    return keyringDocument.parse(JSON.parse(openByContentKey(document, label).toString()));
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
  await keyringFile(keyringPlace()).write(sealByContentKey(Buffer.from(JSON.stringify(keyring)), label));
  forgetKeyring();
}

/** The keyring as this process knows it. */
export function keyring(): Promise<Keyring> {
  held = remembered(held, async () => {
    const found = await readKeyring();
    if (found) return found;
    throw new AppError("unavailable", `There is no keyring at ${keyringPlace()}.`);
  });
  return held.found;
}

/** The rings of lasting things alone, the newest first. A process without the content key is told them by a front. */
export async function durableRing(): Promise<Keyring["durable"]> {
  if (hasContentKey()) return (await keyring()).durable;
  heldDurable = remembered(heldDurable, async () => durableRings.parse(await askInternal("rings", {})));
  return heldDurable.found;
}

function remembered<T>(before: Held<T>, find: () => Promise<T>): NonNullable<Held<T>> {
  if (before && stopwatch() - before.at < rememberedMs) return before;
  const found = find();
  // What failed is not remembered.
  found.catch(() => forgetKeyring());
  return { found, at: stopwatch() };
}

/** It is read anew when it is needed next. */
export function forgetKeyring(): void {
  held = undefined;
  heldDurable = undefined;
}
