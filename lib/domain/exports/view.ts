import type { Id } from "#db/id.ts";

/** A file of usage in a customer's bucket. */
export type ExportFileView = {
  connectionId: Id<"connection">;
  number: number;
  name: string;
  hour: Date;
  boundAt: Date;
  sentAt: Date | null;
  droppedAt: Date | null;
  count: number;
  bytes: number | null;
  sha256: string | null;
};
