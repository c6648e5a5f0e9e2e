import { storage } from "#lib/core/storage/storage.ts";
import { openFrames, storedStart } from "./frames.ts";
import { lastingKey } from "./lasting.ts";

/** Where a sealed content lies, what it is called, its wrapped key, and how long it is. */
export type StoredContent = { place: string; label: string; wrapped: Buffer; bytes: number };

/** Opens a stored content as it is read, from one of its frames on. */
export async function openStored(
  { place, label, wrapped, bytes }: StoredContent,
  from = 0,
): Promise<AsyncIterable<Buffer>> {
  const { key } = await lastingKey(wrapped, label);
  const stored = await storage().read(place, { first: storedStart(from) });
  return openFrames({ key, label }, { bytes, from }, stored);
}
