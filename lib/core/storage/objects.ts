import { AppError, Fault } from "#lib/core/errors.ts";
import type { Pieces, Writing } from "./port.ts";

const keyLengthMax = 512;
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** Keys are made by the product, so a strange one is a fault of ours; no file outside the folder can be named. */
export function checkKey(key: string): void {
  const isKey = key.length <= keyLengthMax && key.split("/").every((part) => segment.test(part));
  if (!isKey) throw new Fault(`${JSON.stringify(key)} is no key of a stored object.`);
}

/** A prefix is the beginning of a key, or nothing. */
export function checkPrefix(prefix: string): void {
  if (prefix !== "") checkKey(prefix.replace(/\/$/, ""));
}

export const absent = (key: string): AppError =>
  new AppError("not_found", "This file is gone.", { cause: new Fault(`There is no object ${key}.`) });

/** Adds everything; what breaks on the way leaves nothing behind. */
export async function writeAll(writing: Writing, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) await writing.add(piece);
    await writing.finish();
  } catch (error) {
    await writing.abort().catch(() => undefined);
    throw error;
  }
}
