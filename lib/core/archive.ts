import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import yazl from "yazl";

/** A file to be put into an archive: its bytes are read when its turn comes. */
export type ArchiveFile = { name: string; pieces: () => AsyncIterable<Uint8Array | string> };

export type Listed = { name: string; bytes: number; sha256: string };

/** Counts and hashes what passes. */
function counted(done: (bytes: number, sha256: string) => void): Transform {
  const hash = createHash("sha256");
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, next) {
      bytes += piece.length;
      hash.update(piece);
      next(null, piece);
    },
    flush(next) {
      done(bytes, hash.digest("hex"));
      next();
    },
  });
}

/**
 * A ZIP of files, one after the other, never with one of them in memory. Last in it is what `manifest` makes of all others:
 * their names, lengths and SHA-256. Its entries all have the instant `at`, so equal contents give equal archives.
 */
export async function* zipOf(
  files: AsyncIterable<ArchiveFile>,
  at: Date,
  manifest: { name: string; text: (listed: readonly Listed[]) => string },
): AsyncGenerator<Buffer> {
  const zip = new yazl.ZipFile();
  const listed: Listed[] = [];
  const failed = new AbortController();
  const fail = (error: unknown): void => failed.abort(error);
  const add = (name: string, from: () => Readable): Promise<void> =>
    new Promise((resolve) => {
      zip.addReadStreamLazy(name, { mtime: at }, (give) => {
        const source = from();
        const passing = counted((bytes, sha256) => {
          listed.push({ name, bytes, sha256 });
          resolve();
        });
        for (const stream of [source, passing]) stream.once("error", fail);
        source.pipe(passing);
        give(null, passing);
      });
    });
  const filling = (async () => {
    for await (const { name, pieces } of files) await add(name, () => Readable.from(pieces(), { objectMode: false }));
    zip.addBuffer(Buffer.from(manifest.text(listed)), manifest.name, { mtime: at });
    zip.end();
  })().catch(fail);
  const output = zip.outputStream as unknown as Readable;
  failed.signal.addEventListener("abort", () => output.destroy(failed.signal.reason as Error), { once: true });
  zip.once("error", fail);
  for await (const piece of output) yield piece as Buffer;
  await filling;
}
