import type { Pieces } from "#lib/core/storage/port.ts";

/** A file of an archive. What is not read of its body is skipped. */
export type ArchiveFile = { path: string; size: number; body: () => AsyncGenerator<Buffer> };

/** What came is no archive, or not one that is read here; the message is for the operator. */
export class BadArchive extends Error {
  override name = "BadArchive";
}

const block = 512;
const longestHeader = 1_048_576;
const mostFiles = 100_000;

/** Reads a stream by lengths. */
class Source {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: Pieces) {
    this.#pieces = from(pieces);
  }

  /** At most so many bytes, as they come; none at the end. */
  async some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#pieces.next();
      if (done) return this.#rest;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async exactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.run(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *run(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      const part = await this.some(left);
      if (part.length === 0) throw new BadArchive("The archive ends too early.");
      left -= part.length;
      yield part;
    }
  }
}

async function* from(pieces: Pieces): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

const text = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString("utf8");
};

/** Octal digits, or a binary number where they do not suffice. */
function numberIn(bytes: Buffer): number {
  const isBinary = ((bytes[0] ?? 0) & 0x80) !== 0;
  const digits = text(bytes).trim();
  const value = isBinary ? bytes.readUIntBE(bytes.length - 6, 6) : digits === "" ? 0 : Number.parseInt(digits, 8);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new BadArchive("The archive has a header that cannot be read.");
}

type Header = { path: string; size: number; type: string };

function headerIn(bytes: Buffer): Header {
  const sum = bytes.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (Number.parseInt(text(bytes.subarray(148, 156)), 8) !== sum)
    throw new BadArchive("This is no tar archive, or it is damaged.");
  const isUstar = text(bytes.subarray(257, 262)) === "ustar";
  const folder = isUstar ? text(bytes.subarray(345, 500)) : "";
  const name = text(bytes.subarray(0, 100));
  return {
    path: folder === "" ? name : `${folder}/${name}`,
    size: numberIn(bytes.subarray(124, 136)),
    type: String.fromCharCode(bytes[156] || 48),
  };
}

/** The records of an extended header: `length key=value`, one after the other. */
function recordsIn(bytes: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const length = Number.parseInt(bytes.subarray(at, at + 20).toString("latin1"), 10);
    if (!(length > 0)) throw new BadArchive("The archive has a header that cannot be read.");
    const record = bytes.subarray(at, at + length - 1).toString("utf8");
    const value = record.slice(record.indexOf(" ") + 1);
    const sign = value.indexOf("=");
    found.set(value.slice(0, sign), value.slice(sign + 1));
    at += length;
  }
  return found;
}

/** What headers before a file say about it. */
type Said = { path?: string | undefined; size?: number | undefined };

function saidIn(type: string, bytes: Buffer): Said {
  if (type === "L") return { path: text(bytes) };
  const records = recordsIn(bytes);
  const size = records.get("size");
  return { path: records.get("path"), size: size === undefined ? undefined : Number(size) };
}

const padding = (size: number): number => (block - (size % block)) % block;

/** The next header, with what others before it say of its file; null at the end, which is a block of zeros. */
async function nextHeader(source: Source): Promise<Header | null> {
  for (let said: Said = {}; ; ) {
    const bytes = await source.exactly(block);
    if (bytes.every((byte) => byte === 0)) return null;
    const header = headerIn(bytes);
    if (!"xL".includes(header.type)) {
      return { type: header.type, path: said.path ?? header.path, size: sizeOf(said.size ?? header.size) };
    }
    if (header.size > longestHeader) throw new BadArchive("The archive has a header that is too long.");
    said = { ...said, ...saidIn(header.type, await source.exactly(header.size)) };
    await source.exactly(padding(header.size));
  }
}

const isPlainFile = ({ type }: Header): boolean => type === "0" || type === "7";

/** The plain files of a tar archive in their order: links, folders and devices are passed over. */
export async function* filesOf(pieces: Pieces): AsyncGenerator<ArchiveFile> {
  const source = new Source(pieces);
  for (let count = 0; count < mostFiles; count++) {
    const header = await nextHeader(source);
    if (!header) return;
    const { path, size } = header;
    let left = size;
    const body = async function* () {
      for await (const part of source.run(left)) {
        left -= part.length;
        yield part;
      }
    };
    if (isPlainFile(header)) yield { path, size, body };
    // What was not read is passed over.
    for await (const part of source.run(left)) left -= part.length;
    await source.exactly(padding(size));
  }
  throw new BadArchive("The archive has too many files.");
}

function sizeOf(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new BadArchive("The archive has a header that cannot be read.");
}
