import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { AppError } from "#lib/core/errors.ts";
import { isTooDeep } from "#lib/core/json-depth.ts";
import { invalidBody, unsupportedMedia } from "./wire-error.ts";

/** Methods whose requests have no body that anyone reads. */
export const bodiless: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "DELETE"]);

/** Reads a body whole, valid UTF-8, decoded where it came compressed; neither form may be larger than the limit. */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const { "content-encoding": encoding = "", "content-type": type = "" } = incoming.headers;
  if (form.test(type) && incoming.headers["content-length"] !== "0") return Promise.reject(isForm());
  const coding = encoding.trim().toLowerCase();
  if (coding === "" || coding === "identity") return readBytes(incoming, limit).then(checked);
  const decode = decoders[coding];
  if (!decode) return Promise.reject(unknownCoding(encoding));
  return readBytes(incoming, limit)
    .then((bytes) => decoded(bytes, decode, limit))
    .then(checked);
}

/** What a body says; the text itself decides whether it is JSON, whatever its type is called. */
export function jsonOf(body: string): unknown {
  if (isTooDeep(body)) throw notJson("json_too_deep", "The body is nested too deep.");
  try {
    return JSON.parse(body);
  } catch {
    throw notJson("json_invalid", "The body is not valid JSON.");
  }
}

const notJson = (type: string, msg: string) => invalidBody([{ type, loc: ["body"], msg }]);

function readBytes(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const declared = Number(incoming.headers["content-length"] ?? 0);
    if (declared > limit) return reject(tooLarge(limit));
    // The client may have left while its key was looked up; no event would tell of it any more.
    if (incoming.destroyed && !incoming.complete) return reject(brokenOff());
    const pieces: Buffer[] = [];
    let size = 0;
    incoming.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size > limit) reject(tooLarge(limit));
      else pieces.push(piece);
    });
    incoming.once("end", () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)));
    incoming.once("error", () => reject(brokenOff()));
  });
}

const byteOrderMark = Buffer.from("\ufeff");

function checked(bytes: Buffer): Buffer {
  if (!isUtf8(bytes)) throw notJson("json_invalid", "The body is not valid UTF-8.");
  return bytes[0] === byteOrderMark[0] && byteOrderMark.equals(bytes.subarray(0, 3)) ? bytes.subarray(3) : bytes;
}

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Decode = promisify(zlib.gunzip);
const inflate: Decode = promisify(zlib.inflate);
const inflateRaw: Decode = promisify(zlib.inflateRaw);

/** Some clients leave out the header that the coding's definition has. */
const deflate: Decode = (bytes, options) => (hasHeader(bytes) ? inflate(bytes, options) : inflateRaw(bytes, options));
const hasHeader = (bytes: Buffer): boolean =>
  bytes.length > 1 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;

const decoders: Record<string, Decode> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate,
  br: promisify(zlib.brotliDecompress),
  // Older releases of Node have no Zstandard.
  ...(zlib.zstdDecompress ? { zstd: promisify(zlib.zstdDecompress) } : {}),
};

/** Stops as soon as more has come out than may: what is small when it arrives may be huge. */
async function decoded(bytes: Buffer, decode: Decode, limit: number): Promise<Buffer> {
  try {
    return await decode(bytes, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit);
    throw new AppError("invalid", "The body is not what its Content-Encoding says.", { code: "invalid_encoding" });
  }
}

const accepted = Object.keys(decoders).filter((name) => name !== "x-gzip");

const unknownCoding = (encoding: string) =>
  unsupportedMedia(`A body in the encoding ${encoding.slice(0, 100)} is not taken here; ${accepted.join(", ")} are.`, {
    "accept-encoding": accepted.join(", "),
  });

const form = /^\s*(?:multipart\/|application\/x-www-form-urlencoded)/i;
const isForm = () =>
  unsupportedMedia("Send the body as JSON, with the header Content-Type: application/json; forms are not taken here.");

export const brokenOff = (): AppError =>
  new AppError("invalid", "The connection closed before the body was complete.", { code: "client_closed_request" });

const tooLarge = (limit: number): AppError =>
  new AppError("too_large", `The body is larger than ${limit} bytes, which is the most this endpoint takes.`);
