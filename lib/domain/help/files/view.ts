import type { Id } from "#db/id.ts";
import type { SentKind } from "#lib/core/sent-files.ts";

export type SentFile = { id: Id<"ticketFile">; name: string; kind: SentKind; size: number };

/** With its content, opened. */
export type ReadFile = SentFile & { bytes: Buffer };
