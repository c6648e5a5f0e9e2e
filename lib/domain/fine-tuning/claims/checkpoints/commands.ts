import { and, eq, inArray, isNotNull } from "drizzle-orm";
import { tuningCheckpoints, tuningJobs, tuningSegments } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keepBlob } from "#lib/domain/files/blobs/commands.ts";
import { discardContent } from "#lib/domain/files/contents/commands.ts";
import type { Received } from "#lib/domain/files/view.ts";
import { keepReport } from "#lib/domain/fine-tuning/claims/reports/commands.ts";
import { keptSteps, soundPoint } from "#lib/domain/fine-tuning/claims/rules.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { closeBlobs } from "#lib/domain/retention/blobs/commands.ts";
import type { CheckpointReport } from "#lib/engine/training/port.ts";

const conflict = (message: string): AppError => new AppError("conflict", message, { code: "checkpoint_conflict" });

/** Keeps a checkpoint with its segment, in the caller's transaction, and lets go of weights that are not needed any more. */
export const keepWeights = part(
  async (
    ctx: AccountContext,
    job: Job,
    report: CheckpointReport,
    received: Omit<Received, "check"> | null,
  ): Promise<void> => {
    const inside = inOrganization(ctx, job.organizationId);
    const known = await checkpointsOf(ctx, job);
    const same = known.find(({ step }) => step === report.step);
    if (same) {
      if (same.sha256 !== report.sha256) throw conflict(`Step ${report.step} has another checkpoint already.`);
      if (received) await discardContent(inside, received);
      return;
    }
    const last = Math.max(0, ...known.map(({ step }) => step));
    const point = soundPoint(report, job.extent?.steps ?? 0);
    if (!point || report.step <= last) throw conflict(`A checkpoint of a step after ${last} is expected.`);
    if (!Number.isSafeInteger(report.segmentTokens) || report.segmentTokens < 0)
      throw new AppError("invalid", "The tokens of a segment are a whole number.");
    const { organizationId, id: jobId } = job;
    const blobId = received && (await keepBlob(inside, received));
    const at = ctx.now;
    const { trainLoss, validLoss, accuracy } = point;
    const upstreamName = report.upstreamName ?? null;
    const made = { organizationId, jobId, step: report.step, sha256: report.sha256, blobId, upstreamName, at };
    await ctx.db.insert(tuningCheckpoints).values({ ...made, trainLoss, validLoss, accuracy });
    const segment = { organizationId, jobId, afterStep: last, lastStep: report.step, tokens: report.segmentTokens, at };
    await ctx.db.insert(tuningSegments).values(segment);
    await ctx.db
      .update(tuningJobs)
      .set({ trainedSteps: report.step, trainedTokens: job.trainedTokens + report.segmentTokens, modifiedAt: at })
      .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)));
    // Its training loss is the mean since the checkpoint before, which is no step's own.
    await keepReport(ctx, job, { step: report.step, points: [{ ...report, trainLoss: null }], log: [] });
    await letGo(ctx, job, [...known, { step: report.step, validLoss, trainLoss, sha256: report.sha256 }]);
  },
);

const ofJob = ({ organizationId, id }: Pick<Job, "organizationId" | "id">) =>
  and(eq(tuningCheckpoints.organizationId, organizationId), eq(tuningCheckpoints.jobId, id));

type Known = { step: number; sha256: string; validLoss: number | null; trainLoss: number | null };

const checkpointsOf = (ctx: AccountContext, job: Job): Promise<Known[]> =>
  ctx.db
    .select({
      step: tuningCheckpoints.step,
      sha256: tuningCheckpoints.sha256,
      validLoss: tuningCheckpoints.validLoss,
      trainLoss: tuningCheckpoints.trainLoss,
    })
    .from(tuningCheckpoints)
    .where(ofJob(job));

/** Rows of what was measured stay; weights that are neither the best nor of the last two go. */
async function letGo(ctx: AccountContext, job: Job, known: readonly Known[]): Promise<void> {
  const kept = keptSteps(known);
  const others = known.map(({ step }) => step).filter((step) => !kept.has(step));
  if (others.length === 0) return;
  const gone = await ctx.db
    .update(tuningCheckpoints)
    .set({ blobId: null })
    .where(and(ofJob(job), inArray(tuningCheckpoints.step, others), isNotNull(tuningCheckpoints.blobId)))
    .returning({ step: tuningCheckpoints.step });
  if (gone.length > 0) await closeBlobs(ctx, job.organizationId);
}
