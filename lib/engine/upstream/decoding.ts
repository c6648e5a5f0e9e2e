import { pipeline, type Readable } from "node:stream";
import { promisify } from "node:util";
import zlib from "node:zlib";

// What a broken end leaves is still read: whether an answer is whole is judged by what it says.
const zip = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
const brotli = { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH };

type Coding = { stream: () => NodeJS.ReadWriteStream & Readable; whole: (bytes: Buffer) => Promise<Buffer> };

const unzip: Coding = {
  stream: () => zlib.createUnzip(zip),
  whole: (bytes) => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.unzip)(bytes, zip),
};

const known: Record<string, Coding> = {
  gzip: unzip,
  "x-gzip": unzip,
  deflate: unzip,
  br: {
    stream: () => zlib.createBrotliDecompress(brotli),
    whole: (bytes) => promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress)(bytes, brotli),
  },
};

type Headers = Record<string, string | string[] | undefined>;

/** How an answer is packed, the last packing first. No one asks an upstream for it; some do it all the same. */
function codingsOf(headers: Headers): Coding[] {
  const header = headers["content-encoding"];
  if (header === undefined) return [];
  return String(header)
    .split(",")
    .flatMap((name) => known[name.trim().toLowerCase()] ?? [])
    .reverse();
}

export function decodedStream(headers: Headers, body: Readable): Readable {
  return codingsOf(headers).reduce<Readable>((packed, coding) => {
    const open = coding.stream();
    // Whoever reads the unpacked end is told of errors, and leaving it ends the other.
    pipeline(packed, open, () => undefined);
    return open;
  }, body);
}

/** The bytes as they are meant; a promise only where they are packed. */
export function decodedWhole(headers: Headers, bytes: Buffer): Buffer | Promise<Buffer> {
  const codings = codingsOf(headers);
  if (codings.length === 0) return bytes;
  return codings.reduce(async (packed, coding) => coding.whole(await packed), Promise.resolve(bytes));
}
