import { notInArray, sql } from "drizzle-orm";
import { jobRuns } from "#db/schema/job-runs.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { retryInput } from "./input.ts";

/** Has a job that failed for good tried once more. */
export const retryJob = command({
  can: "jobs.decide",
  within: "account",
  input: retryInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const [row] = await ctx.db.execute<{ name: string | null }>(sql`select retry_job(${id}::bigint) as name`);
      if (!row?.name) throw new AppError("not_found", "This job is gone, or is tried already.");
      await writeAudit(ofProvider(ctx), {
        action: "job.retry",
        object: { type: "job", id },
        after: { name: row.name },
      });
    }),
});

type Scheduled = { name: string; schedule: string; everyMinutes: number };

/** Notes what comes again by itself, so that what no one runs any more is noticed; what is scheduled no more goes. */
export const noteSchedules = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, scheduled: readonly Scheduled[]): Promise<void> => {
    if (scheduled.length > 0)
      await ctx.db
        .insert(jobRuns)
        .values(scheduled.map((one) => ({ ...one, knownSince: ctx.now })))
        .onConflictDoUpdate({
          target: jobRuns.name,
          set: { schedule: sql`excluded.schedule`, everyMinutes: sql`excluded.every_minutes` },
        });
    await ctx.db.delete(jobRuns).where(
      notInArray(
        jobRuns.name,
        scheduled.map(({ name }) => name),
      ),
    );
  },
});

/** Notes how a scheduled job went; `failure` is null where it succeeded. */
export const noteRun = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, name: string, failure: string | null): Promise<void> => {
    const went = failure === null ? { succeededAt: ctx.now } : { failedAt: ctx.now, failure };
    await ctx.db
      .update(jobRuns)
      .set({ ...went, runs: sql`${jobRuns.runs} + 1` })
      .where(sql`${jobRuns.name} = ${name}`);
  },
});
