import { and, eq, isNotNull } from "drizzle-orm";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints, tuningJobs } from "#db/schema/tuning.ts";
import { tuningReviews } from "#db/schema/tuning-reviews.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { checkpointInput } from "#lib/domain/tuned-models/input.ts";
import { tunedModelHere, tunedModelOf } from "#lib/domain/tuned-models/queries.ts";

/** Has the review of another checkpoint made, or of one whose review failed. It costs nothing. */
export const askForReview = command({
  can: "tuned-models.write",
  within: "workspace",
  input: checkpointInput,
  run: (ctx, { model: id, step }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const job = await askableJob(ctx, id, step);
      const waiting = { state: "pending", attempts: 0, leaseUntil: null, problem: null, at: ctx.now } as const;
      const { organizationId, jobId, step: at, state } = tuningReviews;
      const [asked] = await ctx.db
        .insert(tuningReviews)
        .values({ ...waiting, organizationId: ctx.organizationId, jobId: job, step, isAwaited: false })
        .onConflictDoUpdate({ target: [organizationId, jobId, at], set: waiting, setWhere: eq(state, "failed") })
        .returning({ step: at });
      // One that is there, or is being made, is not made again.
      if (!asked) return;
      const object = { type: "model", id } as const;
      await writeAudit(ctx, { action: "model.review", object, after: { step }, clause: "T-4.2.3-1" });
    }),
});

/** The model is locked, so that no review outlives it. */
async function askableJob(ctx: Context, id: string, step: number): Promise<JobRef["id"]> {
  const { jobId, kind } = await tunedModelOf(ctx, id);
  const [locked] = await ctx.db
    .select({ id: tunedModels.id })
    .from(tunedModels)
    .where(tunedModelHere(ctx, id))
    .for("share");
  if (!locked) throw new AppError("not_found", `There is no model ${id} here.`, { code: "model_not_found" });
  if (kind !== "embedded") await refuseWithoutPrompts(ctx, jobId);
  else await refuseWithoutWeights(ctx, jobId, step);
  return jobId;
}

async function refuseWithoutWeights(ctx: Context, jobId: JobRef["id"], step: number): Promise<void> {
  const { organizationId: of, jobId: its, step: at, blobId } = tuningCheckpoints;
  const kept = and(eq(of, ctx.organizationId), eq(its, jobId), eq(at, step), isNotNull(blobId));
  if ((await ctx.db.$count(tuningCheckpoints, kept)) > 0) return;
  const message = "The weights of this checkpoint are not kept. Choose the best one or one of the last two.";
  throw new AppError("invalid", message, { fields: { step: [message] } });
}

/** Another server was sent all of the training files. */
async function refuseWithoutPrompts(ctx: Context, jobId: JobRef["id"]): Promise<void> {
  const [job] = await ctx.db
    .select({ files: tuningJobs.validationFiles })
    .from(tuningJobs)
    .where(and(eq(tuningJobs.organizationId, ctx.organizationId), eq(tuningJobs.id, jobId)));
  if (job && job.files.length > 0) return;
  throw new AppError("conflict", "It was trained without a validation file, so there is nothing left to ask.");
}
