import { and, eq, sql } from "drizzle-orm";
import { tuningLogs, tuningPoints } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { sealLasting } from "#lib/core/keyring/lasting.ts";
import {
  logBytesMost,
  pointParts,
  pointsAtOnce,
  pointsMost,
  soundLog,
  soundPoint,
} from "#lib/domain/fine-tuning/claims/rules.ts";
import { askToReport } from "#lib/domain/fine-tuning/reporting/commands.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { jobKey } from "#lib/domain/fine-tuning/sealing/commands.ts";
import type { LogLine, Point } from "#lib/engine/training/port.ts";

type Report = { step: number; points: readonly Point[]; log: readonly LogLine[] };

/** Keeps what a trainer measured and wrote down, as far as it can be believed; what was told before counts once. */
export const keepReport = part(async (ctx: AccountContext, job: Job, { points, log }: Report): Promise<void> => {
  const { organizationId, id: jobId } = job;
  const sound = points.slice(0, pointsAtOnce).flatMap((point) => soundPoint(point, job.extent?.steps ?? 0) ?? []);
  const rows = [...new Map(sound.map((point) => [point.step, point])).values()];
  if (rows.length > 0) {
    const { trainLoss, validLoss, accuracy } = tuningPoints;
    await ctx.db
      .insert(tuningPoints)
      .values(rows.map((point) => ({ organizationId, jobId, ...point, at: ctx.now })))
      // A checkpoint knows of its step what the steps on the way do not: how it does on what is held out.
      .onConflictDoUpdate({
        target: [tuningPoints.organizationId, tuningPoints.jobId, tuningPoints.step],
        set: {
          trainLoss: sql`coalesce(${trainLoss}, excluded.train_loss)`,
          validLoss: sql`coalesce(${validLoss}, excluded.valid_loss)`,
          accuracy: sql`coalesce(${accuracy}, excluded.accuracy)`,
        },
      });
    await thinOut(ctx, job);
    await askToReport(ctx, job);
  }
  if (log.length > 0) await keepLog(ctx, job, log);
});

const ofJob = ({ organizationId, id }: Job) =>
  and(eq(tuningPoints.organizationId, organizationId), eq(tuningPoints.jobId, id));

/** Keeps the lowest and the highest of each part of the way, and what was measured on held-out data. */
async function thinOut(ctx: AccountContext, job: Job): Promise<void> {
  if ((await ctx.db.$count(tuningPoints, ofJob(job))) <= pointsMost) return;
  const steps = job.extent?.steps ?? 1;
  await ctx.db.execute(sql`
    delete from ${tuningPoints} as point using (
      select step, row_number() over (partition by part order by train_loss, step) as lowest,
        row_number() over (partition by part order by train_loss desc, step) as highest
      from (select step, train_loss, width_bucket(step, 1, ${steps + 1}, ${pointParts}) as part from ${tuningPoints}
        where ${ofJob(job)} and valid_loss is null) as numbered
    ) as ranked
    where point.organization_id = ${job.organizationId} and point.job_id = ${job.id} and point.step = ranked.step
      and ranked.lowest > 1 and ranked.highest > 1`);
}

async function keepLog(ctx: AccountContext, job: Job, lines: readonly LogLine[]): Promise<void> {
  const { organizationId, id: jobId } = job;
  const own = and(eq(tuningLogs.organizationId, organizationId), eq(tuningLogs.jobId, jobId));
  const [had] = await ctx.db
    .select({
      bytes: sql`coalesce(sum(${tuningLogs.bytes}), 0)`.mapWith(Number),
      last: sql`coalesce(max(${tuningLogs.sequence}), 0)`.mapWith(Number),
    })
    .from(tuningLogs)
    .where(own);
  const kept = soundLog(lines, logBytesMost - (had?.bytes ?? 0));
  if (kept.length === 0) return;
  const key = await jobKey(ctx, job);
  const rows = kept.map(({ at, level, text, bytes }, index) => {
    const sequence = (had?.last ?? 0) + 1 + index;
    return {
      organizationId,
      jobId,
      sequence,
      level,
      bytes,
      at,
      text: sealLasting(key, text, `${jobId} log ${sequence}`),
    };
  });
  await ctx.db.insert(tuningLogs).values(rows);
}
