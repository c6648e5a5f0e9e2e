import type { Id } from "#db/id.ts";
import type { files } from "#db/schema/files.ts";
import type { CheckReport } from "#lib/engine/datasets/checker.ts";
import type { Line } from "./rules.ts";

/** A file as its workspace sees it; `sha256` is of its content. */
export type StoredFile = Omit<typeof files.$inferSelect, "organizationId" | "blobId"> & { sha256: string };

/** Some lines of a file, from one number on. */
export type Lines = { lines: Line[]; from: number; total: number };

/** A content that was received and sealed, and belongs to no file yet. */
export type Received = {
  id: Id<"blob">;
  sha256: string;
  bytes: number;
  /** Its key, wrapped. */
  key: Buffer;
  lineEnds: number[];
  lines: number;
  /** What looking through it found. */
  check: CheckReport;
};

/** A file to choose from. */
export type FileChoice = { id: Id<"file">; name: string; workspaceName: string; lines: number | null; bytes: number };
