import { createHash } from "node:crypto";
import { and, desc, eq, inArray, isNotNull } from "drizzle-orm";
import { type Id, uuidOf } from "#db/id.ts";
import { blobs, files } from "#db/schema/files.ts";
import { models } from "#db/schema/models.ts";
import { type TuningFile, tuningCheckpoints, tuningJobs } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { Fault } from "#lib/core/errors.ts";
import type { ByteRange } from "#lib/core/keyring/stored.ts";
import { logError } from "#lib/core/log.ts";
import { openBlob } from "#lib/domain/files/blobs/commands.ts";
import { openContent } from "#lib/domain/files/contents/commands.ts";
import type { Claim } from "#lib/domain/fine-tuning/claims/view.ts";
import { dataSetsOf } from "#lib/domain/fine-tuning/data/commands.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import type { DataSet, KeptCheckpoint, TrainingTask } from "#lib/engine/training/port.ts";

/** What a trainer that fetches it is told beside the task. */
export type ClaimedTask = Omit<TrainingTask, "training" | "validation" | "resume"> & {
  training: (DataSet & { lines: number | null })[];
  validation: (DataSet & { lines: number | null })[];
  resume: (KeptCheckpoint & { sha256: string; bytes: number }) | null;
};

/** What is to be trained under a claim. Data and weights are opened when they are read. */
export const taskOf = part(
  async (ctx: AccountContext, claim: Claim): Promise<ClaimedTask> => ({
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
  ): Promise<Omit<ClaimedTask, "resume" | "keptStep">> => {
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
      ...(await sized(ctx, job.job)),
      skipShare,
    };
  },
);

/** What a worker reads of a claim, whole or in part. */
export type ClaimFile = {
  bytes: number;
  sha256: string;
  open: (range?: ByteRange) => Promise<AsyncIterable<Buffer>>;
};

type Which = { kind: "training" | "validation"; index: number };

/** One of the data sets of a claim. */
export const dataOfClaim = part(
  async (ctx: AccountContext, { organizationId, jobId }: Claim, { kind, index }: Which): Promise<ClaimFile | null> => {
    const [job] = await ctx.db
      .select({ training: tuningJobs.trainingFiles, validation: tuningJobs.validationFiles })
      .from(tuningJobs)
      .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)));
    const named = job?.[kind][index];
    if (!named) return null;
    const { bytes = 0 } = (await sizesOf(ctx, organizationId, [named])).get(named.file) ?? {};
    const place = { organizationId, fileId: named.file };
    return { bytes, sha256: named.sha256, open: (range) => openContent(ctx, place, range) };
  },
);

/** The weights of a step that a claim can go on from. The worker holds them against their digest itself. */
export const checkpointOfClaim = part(
  async (ctx: AccountContext, { organizationId, jobId }: Claim, step: number): Promise<ClaimFile | null> => {
    const [found] = await ctx.db
      .select({ id: blobs.id, bytes: blobs.bytes, sha256: tuningCheckpoints.sha256 })
      .from(tuningCheckpoints)
      .innerJoin(
        blobs,
        and(eq(blobs.organizationId, tuningCheckpoints.organizationId), eq(blobs.id, tuningCheckpoints.blobId)),
      )
      .where(
        and(
          eq(tuningCheckpoints.organizationId, organizationId),
          eq(tuningCheckpoints.jobId, jobId),
          eq(tuningCheckpoints.step, step),
        ),
      );
    if (!found) return null;
    const { id, bytes, sha256 } = found;
    return { bytes, sha256, open: (range) => openBlob(ctx, { organizationId, id }, range) };
  },
);

type Size = { bytes: number; lines: number | null };

async function sizesOf(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  named: readonly TuningFile[],
): Promise<Map<string, Size>> {
  const rows = await ctx.db
    .select({ id: files.id, bytes: files.bytes, lines: files.lines })
    .from(files)
    .where(
      and(
        eq(files.organizationId, organizationId),
        inArray(
          files.id,
          named.map(({ file }) => file),
        ),
      ),
    );
  return new Map(rows.map(({ id, bytes, lines }) => [id, { bytes, lines }]));
}

/** The data sets with how long they are, for trainers that fetch them. */
async function sized(ctx: AccountContext, job: Pick<Job, "organizationId" | "trainingFiles" | "validationFiles">) {
  const sizes = await sizesOf(ctx, job.organizationId, [...job.trainingFiles, ...job.validationFiles]);
  const { training, validation } = dataSetsOf(ctx, job);
  const withSize = (sets: readonly DataSet[], named: readonly TuningFile[]) =>
    sets.map((set, at) => ({ ...set, ...(sizes.get(named[at]?.file ?? "") ?? { bytes: 0, lines: null }) }));
  return { training: withSize(training, job.trainingFiles), validation: withSize(validation, job.validationFiles) };
}

/** The last checkpoint whose weights are there and whole: training goes on from there. */
async function lastWeights(ctx: AccountContext, claim: Claim): Promise<ClaimedTask["resume"]> {
  const { organizationId, jobId } = claim;
  const rows = await ctx.db
    .select({ step: tuningCheckpoints.step })
    .from(tuningCheckpoints)
    .where(
      and(
        eq(tuningCheckpoints.organizationId, organizationId),
        eq(tuningCheckpoints.jobId, jobId),
        isNotNull(tuningCheckpoints.blobId),
      ),
    )
    .orderBy(desc(tuningCheckpoints.step));
  for (const { step } of rows) {
    const found = await checkpointOfClaim(ctx, claim, step);
    if (!found) continue;
    const open = () => found.open();
    if (await isWhole(open, found.sha256)) return { step, ...found, open };
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
