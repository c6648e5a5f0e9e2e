import type { Batch } from "./rules.ts";

/** A batch as its workspace sees it. */
export type BatchView = Omit<Batch, "key" | "nextFile" | "nextByte" | "linesRead" | "claimNumber" | "leaseUntil">;
