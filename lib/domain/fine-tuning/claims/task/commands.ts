import { createHash } from "node:crypto";
import { and, desc, eq, inArray, isNotNull } from "drizzle-orm";
import { uuidOf } from "#db/id.ts";
import { files } from "#db/schema/files.ts";
import { models } from "#db/schema/models.ts";
import { type TuningFile, tuningCheckpoints, tuningJobs } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { Fault } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { openBlob } from "#lib/domain/files/blobs/commands.ts";
import type { Claim } from "#lib/domain/fine-tuning/claims/view.ts";
import { dataSetsOf } from "#lib/domain/fine-tuning/data/commands.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import type { TrainingTask } from "#lib/engine/training/port.ts";

/** What is to be trained under a claim. Data and weights are opened when they are read. */
export const taskOf = part(
  async (ctx: AccountContext, claim: Claim): Promise<TrainingTask> => ({
    ...(await trainingOf(ctx, claim)),
    resume: await lastWeights(ctx, claim),
    keptStep: claim.fromStep,
  }),
);

/** What a job trains on and how, without where it goes on from. */
export const trainingOf = part(
  async (
    ctx: AccountContext,
    { organizationId, jobId }: Pick<Claim, "organizationId" | "jobId">,
  ): Promise<Omit<TrainingTask, "resume" | "keptStep">> => {
    const [job] = await ctx.db
      .select({ job: tuningJobs, baseModel: models.upstreamModel })
      .from(tuningJobs)
      .innerJoin(models, eq(models.id, tuningJobs.model))
      .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)));
    if (!job?.job.extent) throw new Fault("A job that was claimed is gone, or was never looked through.");
    const { hyperparameters, seed, extent, suffix, skipShare } = job.job;
    return {
      job: uuidOf(jobId),
      baseModel: job.baseModel,
      suffix,
      hyperparameters,
      seed,
      steps: extent.steps,
      tokensMost: extent.trainTokens,
      ...dataSetsOf(ctx, await sized(ctx, job.job)),
      skipShare,
    };
  },
);

type Named = Pick<Job, "organizationId" | "trainingFiles" | "validationFiles">;

/** The same files with how long they are, for trainers that fetch them. */
async function sized(ctx: AccountContext, { organizationId, trainingFiles, validationFiles }: Named) {
  const ids = [...trainingFiles, ...validationFiles].map(({ file }) => file);
  const rows = await ctx.db
    .select({ id: files.id, bytes: files.bytes })
    .from(files)
    .where(and(eq(files.organizationId, organizationId), inArray(files.id, ids)));
  const bytesOf = new Map(rows.map(({ id, bytes }) => [id, bytes]));
  const withBytes = (named: readonly TuningFile[]) =>
    named.map((one) => ({ ...one, bytes: bytesOf.get(one.file) ?? 0 }));
  return { organizationId, trainingFiles: withBytes(trainingFiles), validationFiles: withBytes(validationFiles) };
}

/** The last checkpoint whose weights are there and whole: training goes on from there. */
async function lastWeights(ctx: AccountContext, { organizationId, jobId }: Claim): Promise<TrainingTask["resume"]> {
  const rows = await ctx.db
    .select({ step: tuningCheckpoints.step, blobId: tuningCheckpoints.blobId, sha256: tuningCheckpoints.sha256 })
    .from(tuningCheckpoints)
    .where(
      and(
        eq(tuningCheckpoints.organizationId, organizationId),
        eq(tuningCheckpoints.jobId, jobId),
        isNotNull(tuningCheckpoints.blobId),
      ),
    )
    .orderBy(desc(tuningCheckpoints.step));
  for (const { blobId: id, step, sha256 } of rows) {
    if (!id) continue;
    const open = () => openBlob(ctx, { organizationId, id });
    if (await isWhole(open, sha256)) return { step, open };
    logError("fine-tuning.checkpoint", new Fault(`The weights of step ${step} of ${jobId} are not what was kept.`));
  }
  return null;
}

async function isWhole(open: () => Promise<AsyncIterable<Buffer>>, sha256: string): Promise<boolean> {
  const hash = createHash("sha256");
  try {
    for await (const piece of await open()) hash.update(piece);
  } catch {
    return false;
  }
  return hash.digest("hex") === sha256;
}
