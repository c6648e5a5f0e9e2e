import { Readable } from "node:stream";
import { filePolicy } from "#lib/core/content-policy.ts";
import { AppError } from "#lib/core/errors.ts";
import { attachmentHeader } from "#lib/core/file-name.ts";
import { mediaTypeOf, type SentKind } from "#lib/core/sent-files.ts";
import { storage } from "#lib/core/storage/storage.ts";

/** What a file of customers is answered with: it is kept, never shown or run in the page's own origin. */
export const keptHeaders = (name: string, type: string): Record<string, string> => ({
  "content-type": type,
  "content-disposition": attachmentHeader(name),
  "content-security-policy": filePolicy,
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "private, no-store",
});

/** A file from the storage port. */
export async function storedFile({ key, name, type }: { key: string; name: string; type: string }): Promise<Response> {
  const size = await storage().size(key);
  if (size === null) throw new AppError("unavailable", "The file cannot be read now. Tell support its name.");
  const pieces = Readable.from(await storage().read(key));
  return new Response(Readable.toWeb(pieces) as ReadableStream<Uint8Array>, {
    headers: { ...keptHeaders(name, type), "content-length": String(size) },
  });
}

/** A file that was opened already. */
export const keptFile = ({ name, kind, bytes }: { name: string; kind: SentKind; bytes: Buffer }): Response =>
  new Response(new Uint8Array(bytes), {
    headers: { ...keptHeaders(name, mediaTypeOf(kind)), "content-length": String(bytes.length) },
  });
