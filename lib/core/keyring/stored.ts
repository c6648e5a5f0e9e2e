import { storage } from "#lib/core/storage/storage.ts";
import { frameBytes, openFrames, storedStart } from "./frames.ts";
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

/** First and last byte of what is wanted. */
export type ByteRange = { first: number; last: number };

/** The same of some bytes of it: what comes before them is not read. */
export async function openStoredPart(content: StoredContent, range: ByteRange): Promise<AsyncIterable<Buffer>> {
  const from = Math.floor(range.first / frameBytes);
  return within(await openStored(content, from), range.first - from * frameBytes, range.last - range.first + 1);
}

async function* within(pieces: AsyncIterable<Buffer>, skipped: number, wanted: number): AsyncIterable<Buffer> {
  let [skip, left] = [skipped, wanted];
  for await (const piece of pieces) {
    const part = piece.subarray(skip, skip + left);
    skip = Math.max(0, skip - piece.length);
    left -= part.length;
    if (part.length > 0) yield part;
    if (left === 0) return;
  }
}
