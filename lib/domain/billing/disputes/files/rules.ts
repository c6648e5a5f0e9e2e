import type { FileLimits } from "#lib/core/file-limits.ts";
import { acceptedOf, type SentKind, kindOf as sentKindOf } from "#lib/core/sent-files.ts";

/** What may be sent with a message about a dispute. */
export const messageLimits: FileLimits = { files: 5, megabytesEach: 5, megabytesTogether: 10 };
/** What all messages of a dispute may have together. */
export const mostFiles = 50;

export const fileKinds = ["pdf", "png", "jpeg", "txt", "csv"] as const satisfies readonly SentKind[];
export type FileKind = (typeof fileKinds)[number];

export const accepted = acceptedOf(fileKinds);

export const limitWords = "PDF, PNG, JPEG, TXT or CSV; up to 5 files of 5 MB, 10 MB together.";

/** What a file is, by its content and its name together; null where they differ or it is none of these. */
export const kindOf = (name: string, bytes: Uint8Array): FileKind | null => sentKindOf(name, bytes, fileKinds);

/** Where the bytes are kept: the same content once, whoever sent it how often. */
export const storageKey = (organizationId: string, disputeId: string, sha256: string): string =>
  `disputes/${organizationId}/${disputeId}/${sha256}`;
