import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Content } from "./contents.ts";

/** A piece of this length is compressed as it lies; making it part of a longer one would copy it. */
const longBytes = 65_536;
/** Room for what comes out: mostly all of it in one piece, and no more of it than a small row can need. */
const [leastRoom, mostRoom] = [1024, 262_144];
// The fastest setting: it halves text at a third of the cost of the fastest deflate. Fresh memory costs as much as the
// work in it, so blocks are small.
const fastest = {
  params: {
    [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MIN_QUALITY,
    [zlib.constants.BROTLI_PARAM_LGWIN]: 18,
  },
};
const decompress = promisify<Buffer, Buffer>(zlib.brotliDecompress);

/** Requests and answers as one JSON by their ids, compressed. */
export const pack = (group: Content[]): Promise<Buffer> => compress(jsonOf(group));

/** The group's JSON in pieces; what came as bytes is not made a text for this, and not copied where it is long. */
function jsonOf(group: Content[]): Buffer[] {
  const pieces: Buffer[] = [];
  let text = "{";
  const end = (): void => {
    pieces.push(Buffer.from(text));
    text = "";
  };
  for (const [at, { requestId, request, answer }] of group.entries()) {
    text += `${at === 0 ? "" : ","}"${requestId}":{"request":`;
    if (typeof request === "string") text += request;
    else {
      end();
      pieces.push(request);
    }
    text += `,"answer":${answer}}`;
  }
  text += "}";
  end();
  return pieces;
}

async function compress(pieces: Buffer[]): Promise<Buffer> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const chunkSize = Math.min(Math.max(size, leastRoom), mostRoom);
  const stream = zlib.createBrotliCompress({ ...fastest, chunkSize });
  for (const piece of together(pieces)) stream.write(piece);
  stream.end();
  const packed: Buffer[] = [];
  for await (const piece of stream) packed.push(piece);
  return packed.length === 1 && packed[0] ? packed[0] : Buffer.concat(packed);
}

/** Short neighbours are put together, because each piece is work for another thread. */
function together(pieces: Buffer[]): Buffer[] {
  const found: Buffer[] = [];
  let [short, size]: [Buffer[], number] = [[], 0];
  const end = (): void => {
    if (size > 0) found.push(Buffer.concat(short));
    [short, size] = [[], 0];
  };
  for (const piece of pieces) {
    if (piece.length >= longBytes) {
      end();
      found.push(piece);
      continue;
    }
    short.push(piece);
    size += piece.length;
    if (size >= longBytes) end();
  }
  end();
  return found;
}

/** What was packed, by the ids of the requests. */
export const unpack = async (packed: Buffer): Promise<Record<string, { request: unknown; answer: unknown }>> =>
  JSON.parse((await decompress(packed)).toString());
