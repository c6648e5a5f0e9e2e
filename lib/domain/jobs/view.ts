import type { jobRuns } from "#db/schema/job-runs.ts";

/** Work that comes again by itself. */
export type JobRun = typeof jobRuns.$inferSelect;

/** The same with what is queued of it. */
export type DeskJob = JobRun & { waiting: number; running: number; failed: number };

/** A job that was tried as often as it may be. */
export type FailedJob = { id: string; name: string; attempts: number; failedAt: Date; failure: string | null };
