import type { Id } from "#db/id.ts";

/** What the signature of a link is made over: the file, its content and the second it ends in. */
export const signedText = (id: Id<"file">, sha256: string, expires: number): string =>
  `link to a file\n${id}\n${sha256}\n${expires}`;
