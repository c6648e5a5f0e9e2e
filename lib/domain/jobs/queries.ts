import { asc, sql } from "drizzle-orm";
import { jobRuns } from "#db/schema/job-runs.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { minutesLate } from "./rules.ts";
import type { DeskJob, FailedJob } from "./view.ts";

type Counts = { name: string; waiting: string; running: string; failed: string };

/** Scheduled work, what is late first. */
export async function deskJobs(ctx: AccountContext): Promise<DeskJob[]> {
  authorize(ctx.actor, "jobs.decide");
  const [runs, counts] = await Promise.all([
    ctx.db.select().from(jobRuns).orderBy(asc(jobRuns.name)),
    ctx.db.execute<Counts>(sql`select * from queue_states()`),
  ]);
  return runs
    .map((run) => {
      const of = counts.find(({ name }) => name === run.name);
      return {
        ...run,
        waiting: Number(of?.waiting ?? 0),
        running: Number(of?.running ?? 0),
        failed: Number(of?.failed ?? 0),
      };
    })
    .toSorted((a, b) => minutesLate(b, ctx.now) - minutesLate(a, ctx.now));
}

/** Jobs that failed for good, the latest first. */
export async function failedJobs(ctx: AccountContext): Promise<FailedJob[]> {
  authorize(ctx.actor, "jobs.decide");
  const rows = await ctx.db.execute<{
    id: string;
    name: string;
    attempts: number;
    failed_at_ms: number;
    failure: string | null;
  }>(
    sql`select id::text, name, attempts, (extract(epoch from failed_at) * 1000)::float8 as failed_at_ms, failure from failed_jobs()`,
  );
  return rows.map(({ failed_at_ms, ...row }) => ({ ...row, failedAt: new Date(failed_at_ms) }));
}
