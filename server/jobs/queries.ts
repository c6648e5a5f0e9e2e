import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";

export type QueuedJob = {
  id: string;
  name: string;
  attempts: number;
  maxAttempts: number;
  runAt: Date;
  lastError: string | null;
  isFailed: boolean;
};

/** What waits, runs or has failed for good, soonest first. */
export async function queuedJobs(ctx: AccountContext): Promise<QueuedJob[]> {
  authorize(ctx.actor, "system.operate");
  const rows = await ctx.db.execute<{
    id: string;
    name: string;
    attempts: number;
    max_attempts: number;
    run_at: string;
    last_error: string | null;
  }>(sql`
    select id::text, task_identifier as name, attempts, max_attempts, run_at, last_error
    from graphile_worker.jobs order by run_at, id limit 500`);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    runAt: new Date(row.run_at),
    lastError: row.last_error,
    isFailed: row.attempts >= row.max_attempts,
  }));
}
