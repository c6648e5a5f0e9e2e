import { AppError } from "#lib/core/errors.ts";
import { fileBytes } from "#lib/domain/help/files/rules.ts";

/** A file as the body of a request: read no further than a file may be long. Only pages of ours send one. */
export async function receivedFile(request: Request): Promise<{ name: string; bytes: Buffer }> {
  refuseForeign(request);
  const name = decoded(request.headers.get("x-file-name") ?? "");
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.body ?? []) {
    length += piece.length;
    if (length > fileBytes) throw new AppError("too_large", "A file can have 10 MB at most.");
    pieces.push(piece);
  }
  return { name, bytes: Buffer.concat(pieces) };
}

/** A page of another origin cannot set this type without being asked first, and a form cannot at all. */
function refuseForeign({ headers }: Request): void {
  const origin = headers.get("origin");
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  const isOurs = origin !== null && URL.canParse(origin) && new URL(origin).host === host;
  if (!isOurs || headers.get("content-type") !== "application/octet-stream")
    throw new AppError("forbidden", "Files come from the console's own pages.");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "file";
  }
}
