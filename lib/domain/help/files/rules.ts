import type { Id } from "#db/id.ts";
import type { FileLimits } from "#lib/core/file-limits.ts";
import { acceptedOf, sentKinds } from "#lib/core/sent-files.ts";

const megabyte = 1024 * 1024;

/** What may be sent with a message. */
export const messageLimits: FileLimits = { files: 5, megabytesEach: 10, megabytesTogether: 50 };
export const fileBytes = messageLimits.megabytesEach * megabyte;
/** What all messages of a ticket may have together. */
export const ticketBytes = 50 * megabyte;
/** Files one person can have waiting for a message. */
export const mostWaiting = 20;
/** A file that no message takes up is gone after that. */
export const waitingMinutes = 60;

export const accepted = acceptedOf(sentKinds);

export const limitWords =
  "PNG, JPEG, GIF, WebP, PDF, TXT, LOG, MD, CSV, JSON or JSONL; up to 5 files of 10 MB, 50 MB in a ticket.";

export const storagePrefix = "tickets/";

/** Where the sealed bytes are kept. Each file has its own, because the same content is sealed differently each time. */
export const storageKey = (organizationId: string, id: Id<"ticketFile">): string =>
  `${storagePrefix}${organizationId}/${id}`;

/** The file that a stored object is of. */
export const fileOfKey = (key: string): string => key.slice(key.lastIndexOf("/") + 1);
