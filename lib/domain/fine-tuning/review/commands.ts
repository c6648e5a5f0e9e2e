import { and, eq, isNotNull } from "drizzle-orm";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints, tuningReviews } from "#db/schema/tuning.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { tunedModelsOf } from "#lib/domain/tuned-models/queries.ts";
import { reviewInput } from "./input.ts";

/** Has the review of another checkpoint made, or of one whose review failed. It costs nothing. */
export const askForReview = command({
  can: "fine-tuning.write",
  within: "workspace",
  input: reviewInput,
  run: (ctx, { job: id, step }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const ref = { organizationId: ctx.organizationId, id };
      await refuseUnlessAskable(ctx, ref, step);
      const waiting = { state: "pending", attempts: 0, leaseUntil: null, problem: null, at: ctx.now } as const;
      const { organizationId, jobId, step: at, state } = tuningReviews;
      const [asked] = await ctx.db
        .insert(tuningReviews)
        .values({ ...waiting, organizationId: ctx.organizationId, jobId: id, step, isAwaited: false })
        .onConflictDoUpdate({ target: [organizationId, jobId, at], set: waiting, setWhere: eq(state, "failed") })
        .returning({ step: at });
      // One that is there, or is being made, is not made again.
      if (!asked) return;
      const object = { type: "fine_tuning_job", id } as const;
      await writeAudit(ctx, { action: "fine_tuning_job.review", object, after: { step }, clause: "T-4.2.3-1" });
    }),
});

/** The model is locked, so that no review outlives it. */
async function refuseUnlessAskable(ctx: Context, { organizationId, id }: JobRef, step: number): Promise<void> {
  const [model] = await tunedModelsOf(ctx, { job: id });
  const its = and(eq(tunedModels.organizationId, organizationId), eq(tunedModels.id, model?.id ?? ""));
  const [locked] = await ctx.db.select({ kind: tunedModels.kind }).from(tunedModels).where(its).for("share");
  if (!locked) throw new AppError("not_found", "There is no such tuned model here.", { code: "model_not_found" });
  if (locked.kind !== "embedded")
    throw new AppError("conflict", "Another server answers with this model. Ask it in the playground.");
  const { organizationId: of, jobId, step: at, blobId } = tuningCheckpoints;
  const kept = and(eq(of, organizationId), eq(jobId, id), eq(at, step), isNotNull(blobId));
  if ((await ctx.db.$count(tuningCheckpoints, kept)) > 0) return;
  const message = "The weights of this checkpoint are not kept. Choose the best one or one of the last two.";
  throw new AppError("invalid", message, { fields: { step: [message] } });
}
