import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { attachmentHeader } from "#lib/core/file-name.ts";
import type { ByteRange } from "#lib/core/keyring/stored.ts";
import type { Wire } from "#lib/gateway/http/signed-endpoint.ts";

/** Without a name it is for a program, which asked for it by its address. */
type Sent = { name?: string; bytes: number; sha256: string };

/** Sends a file to be kept, never shown, whole or in part. */
export async function sendFile(
  { incoming, outgoing, headers }: Pick<Wire, "incoming" | "outgoing" | "headers">,
  { name, bytes, sha256 }: Sent,
  open: (range?: ByteRange) => Promise<AsyncIterable<Buffer>>,
): Promise<void> {
  const etag = `"${sha256}"`;
  const asked = incoming.headers["if-range"] === undefined || incoming.headers["if-range"] === etag;
  const range = asked ? rangeOf(incoming.headers.range, bytes) : undefined;
  const about = {
    ...headers,
    "accept-ranges": "bytes",
    ...(name !== undefined && { "content-disposition": attachmentHeader(name) }),
    "content-type": "application/octet-stream",
    etag,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  if (range === null) {
    outgoing.writeHead(416, { ...about, "content-range": `bytes */${bytes}`, "content-length": 0 }).end();
    return;
  }
  // Before the answer begins, so that what cannot be opened is an error and no broken file.
  const pieces = incoming.method === "HEAD" ? null : await open(range);
  const length = range ? range.last - range.first + 1 : bytes;
  const part = range && { "content-range": `bytes ${range.first}-${range.last}/${bytes}` };
  outgoing.writeHead(range ? 206 : 200, { ...about, ...part, "content-length": length });
  if (pieces) await pipeline(Readable.from(pieces), outgoing);
  else outgoing.end();
}

/** One range; undefined where all is sent, null where none of it is there. Several at once are sent as all. */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | null | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  const [, from = "", to = ""] = found ?? [];
  if (from === "" && to === "") return undefined;
  if (from === "") return Number(to) === 0 ? null : { first: Math.max(0, bytes - Number(to)), last: bytes - 1 };
  const [first, last] = [Number(from), to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1)];
  if (to !== "" && Number(to) < first) return undefined;
  return first >= bytes ? null : { first, last };
}
