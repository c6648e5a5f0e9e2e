import { and, asc, desc, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { tuningJobs, tuningLogs, tuningPoints } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { lastingKey, openLasting } from "#lib/core/keyring/lasting.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";

export type CurvePoint = {
  step: number;
  trainLoss: number | null;
  validLoss: number | null;
  accuracy: number | null;
};

const pointsMost = 1500;

/** What was measured of a job, by step. */
export async function curvesOf(ctx: Context, id: Id<"tuningJob">): Promise<CurvePoint[]> {
  authorize(ctx.actor, "fine-tuning.read");
  const job = await jobOf(ctx, id);
  const { step, trainLoss, validLoss, accuracy } = tuningPoints;
  const points = await ctx.db
    .select({ step, trainLoss, validLoss, accuracy })
    .from(tuningPoints)
    .where(and(eq(tuningPoints.organizationId, ctx.organizationId), eq(tuningPoints.jobId, job.id)))
    .orderBy(asc(step))
    .limit(pointsMost);
  if (points.some((point) => point.trainLoss !== null)) return points;
  // A trainer that tells of no steps tells of its checkpoints.
  const means = new Map(job.checkpoints.map((checkpoint) => [checkpoint.step, checkpoint.trainLoss]));
  return points.map((point) => ({ ...point, trainLoss: means.get(point.step) ?? null }));
}

export type LogView = { at: Date; level: "info" | "warn" | "error"; text: string };

const linesMost = 200;

/** The last lines that the trainer wrote down, oldest first. They can quote the data, so it takes who may read files. */
export async function logOf(ctx: Context, id: Id<"tuningJob">): Promise<LogView[]> {
  authorize(ctx.actor, "files.read");
  const job = await jobOf(ctx, id);
  const [{ key } = { key: null }] = await ctx.db
    .select({ key: tuningJobs.key })
    .from(tuningJobs)
    .where(and(eq(tuningJobs.organizationId, ctx.organizationId), eq(tuningJobs.id, job.id)));
  if (!key) return [];
  const rows = await ctx.db
    .select()
    .from(tuningLogs)
    .where(and(eq(tuningLogs.organizationId, ctx.organizationId), eq(tuningLogs.jobId, job.id)))
    .orderBy(desc(tuningLogs.sequence))
    .limit(linesMost);
  const lasting = await lastingKey(key, job.id);
  return rows.toReversed().map(({ at, level, text, sequence }) => ({
    at,
    level,
    text: String(openLasting(lasting, text, `${job.id} log ${sequence}`)),
  }));
}
