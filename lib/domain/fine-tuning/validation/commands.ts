import { and, eq, inArray } from "drizzle-orm";
import { files } from "#db/schema/files.ts";
import { models } from "#db/schema/models.ts";
import type { TuningExtent } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { dataSetsOf } from "#lib/domain/fine-tuning/data/commands.ts";
import { epochsWarning } from "#lib/domain/fine-tuning/estimate/rules.ts";
import { priceOn, quoteOf } from "#lib/domain/fine-tuning/money/rules.ts";
import { tellFailed, tellWebhooks } from "#lib/domain/fine-tuning/news/commands.ts";
import type { Job, JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { beginByItself, planNow, tunableModel } from "#lib/domain/fine-tuning/starting/commands.ts";
import { lockJob, placeOf, transit } from "#lib/domain/fine-tuning/status/commands.ts";
import { measureExtent } from "#lib/engine/training/extent.ts";
import { type Finding, judge } from "./rules.ts";

/**
 * Looks through the data of a job and says whether it can be trained on. It reads everything, so it is no part of a
 * transaction; a process that dies over it is followed by another.
 */
export const validateJob = part(async (ctx: AccountContext, ref: JobRef): Promise<void> => {
  const job = await transaction(ctx, async (ctx) => {
    const job = await lockJob(ctx, ref);
    return job.status === "QUEUED" ? transit(ctx, ref, "validate") : job;
  });
  if (job.status !== "VALIDATING") return;
  const finding = await findingOf(ctx, job);
  await transaction(ctx, async (ctx) => {
    // Cancelled meanwhile, or looked through by another process.
    if ((await lockJob(ctx, ref)).status === "VALIDATING") await conclude(ctx, job, finding);
  });
});

async function findingOf(ctx: AccountContext, job: Job): Promise<Finding> {
  const { hyperparameters, seed, skipShare } = job;
  try {
    const sets = dataSetsOf(ctx, job);
    const baseModel = await engineName(ctx, job.model);
    const extent = await measureExtent({ ...sets, hyperparameters, seed, skipShare, baseModel });
    return judge(extent, await linesOf(ctx, job), skipShare);
  } catch (error) {
    // What the data or a deleted file says is an answer; a fault of ours is tried again.
    if (!(error instanceof AppError) || error.problem === "unavailable") throw error;
    return { extent: null, problem: error.message };
  }
}

async function engineName(ctx: AccountContext, model: string): Promise<string> {
  const [row] = await ctx.db.select({ name: models.upstreamModel }).from(models).where(eq(models.id, model));
  return row?.name ?? model;
}

async function linesOf(ctx: AccountContext, { organizationId, trainingFiles, validationFiles }: Job): Promise<number> {
  const ids = [...trainingFiles, ...validationFiles].map(({ file }) => file);
  const rows = await ctx.db
    .select({ lines: files.lines })
    .from(files)
    .where(and(eq(files.organizationId, organizationId), inArray(files.id, ids)));
  return rows.reduce((sum, { lines }) => sum + (lines ?? 0), 0);
}

async function conclude(ctx: AccountContext, job: Job, { extent, problem }: Finding): Promise<void> {
  if (problem !== null || !extent) return reject(ctx, job, problem ?? "", extent);
  const model = await tunableModel(placeOf(ctx, job), job.model);
  if (!model) return reject(ctx, job, `${job.requestedModel} cannot be tuned any more.`, extent);
  const price = priceOn(await planNow(ctx, job), model.tuning);
  const warning = epochsWarning(extent);
  const accepted = await transit(ctx, job, "accept", {
    extent,
    trainingMicros: price.trainingMicros,
    minimumPico: price.trainingMinimumPico,
    quotePico: quoteOf(extent, price),
    warnings: warning === null ? job.warnings : [...job.warnings, warning],
  });
  await tellWebhooks(placeOf(ctx, job), "validated", accepted);
  if (accepted.autoStart) await beginByItself(ctx, accepted);
}

async function reject(ctx: AccountContext, job: Job, message: string, extent: TuningExtent | null): Promise<void> {
  const advice = "Look at the report of each file, mend what is wrong, and run the job again.";
  const failure = { code: "data", message, advice };
  const rejected = await transit(ctx, job, "reject", { extent, failure, endedAt: ctx.now });
  await tellFailed(placeOf(ctx, job), rejected);
}
