import type { disputeFiles } from "#db/schema/disputes.ts";

export type DisputeFile = typeof disputeFiles.$inferSelect;

/** With its place in the storage port. */
export type KeptFile = DisputeFile & { key: string };
