import { pipeline } from "node:stream/promises";
import { type Entry, extract } from "tar-stream";
import type { Pieces } from "#lib/core/storage/port.ts";

/** A file of an archive. What is not read of its body is skipped. */
export type ArchiveFile = { path: string; size: number; body: () => AsyncIterable<Buffer> };

/** What came is no archive, or not one that is read here; the message is for the operator. */
export class BadArchive extends Error {
  override name = "BadArchive";
}

/** Headers are held in memory, and say themselves how long they are: so much of them is read for a file, and no more. */
const longestHeaders = 2_097_152;
const mostFiles = 100_000;

/** The plain files of a tar archive in their order: links, folders and devices are passed over. */
export async function* filesOf(pieces: Pieces): AsyncGenerator<ArchiveFile> {
  const archive = extract();
  const room = { left: longestHeaders };
  // What ends it ends the archive too, which tells of it below.
  const fed = pipeline(bounded(pieces, room), archive).catch(() => undefined);
  let count = 0;
  try {
    for await (const entry of archive as AsyncIterable<Entry>) {
      const { name: path, size = 0, type } = entry.header;
      if (++count > mostFiles) throw new BadArchive("The archive has too many files.");
      room.left += size + longestHeaders;
      if (type === "file" || type === "contiguous-file") yield { path, size, body: () => entry };
      entry.resume();
    }
    if (count === 0) throw new BadArchive("This is no tar archive, or it is empty.");
  } catch (error) {
    throw error instanceof Error && isOfArchive(error) ? new BadArchive(wordsOf(error), { cause: error }) : error;
  } finally {
    archive.destroy();
    await fed;
  }
}

/** The pieces as they come, as long as what came fits the files that were found in it. */
async function* bounded(pieces: Pieces, room: { left: number }): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    room.left -= piece.length;
    if (room.left < 0) throw new BadArchive("The archive has a header that is too long.");
    yield piece;
  }
}

/** What the reader of archives says; what storage says is no fault of the archive. */
const isOfArchive = ({ message }: Error): boolean => /tar header|end of data|size is/i.test(message);

const wordsOf = ({ message }: Error): string =>
  /end of data/i.test(message) ? "The archive ends too early." : "This is no tar archive, or it is damaged.";
