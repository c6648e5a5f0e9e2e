import type { FileLimits } from "#lib/core/file-limits.ts";

/** What may be sent with a message about a dispute. */
export const messageLimits: FileLimits = { files: 5, megabytesEach: 5, megabytesTogether: 10 };
/** What all messages of a dispute may have together. */
export const mostFiles = 50;

export const fileKinds = ["pdf", "png", "jpeg", "txt", "csv"] as const;
export type FileKind = (typeof fileKinds)[number];

export const mediaTypes: Readonly<Record<FileKind, string>> = {
  pdf: "application/pdf",
  png: "image/png",
  jpeg: "image/jpeg",
  txt: "text/plain",
  csv: "text/csv",
};

const endings: Readonly<Record<string, FileKind>> = {
  pdf: "pdf",
  png: "png",
  jpg: "jpeg",
  jpeg: "jpeg",
  txt: "txt",
  csv: "csv",
};

/** What a browser offers to choose. */
export const accepted = Object.keys(endings)
  .map((ending) => `.${ending}`)
  .join(",");

export const limitWords = "PDF, PNG, JPEG, TXT or CSV; up to 5 files of 5 MB, 10 MB together.";

const beginnings: readonly [FileKind, readonly number[]][] = [
  ["pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["jpeg", [0xff, 0xd8, 0xff]],
];

const isWritten = (byte: number): boolean =>
  byte >= 0x20 ? byte !== 0x7f : byte === 9 || byte === 10 || byte === 12 || byte === 13;

/** What a file is, by its content and its name together; null where they differ or it is none of these. */
export function kindOf(name: string, bytes: Uint8Array): FileKind | null {
  const named = endings[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ""];
  const found = beginnings.find(([, signs]) => signs.every((sign, at) => bytes[at] === sign))?.[0];
  if (!named || bytes.length === 0) return null;
  if (found) return found === named ? found : null;
  return (named === "txt" || named === "csv") && bytes.every(isWritten) ? named : null;
}

/** Where the bytes are kept: the same content once, whoever sent it how often. */
export const storageKey = (organizationId: string, disputeId: string, sha256: string): string =>
  `disputes/${organizationId}/${disputeId}/${sha256}`;

/** "12 kB", "4.2 MB". */
export const sizeWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
