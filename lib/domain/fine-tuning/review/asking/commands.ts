import { and, eq } from "drizzle-orm";
import { tuningJobs } from "#db/schema/tuning.ts";
import { tuningReviews } from "#db/schema/tuning-reviews.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { openLasting, sealLasting } from "#lib/core/keyring/lasting.ts";
import { figuresOf, reviewLabel, shownPrompt, verdictOf } from "#lib/domain/fine-tuning/review/rules.ts";
import { jobKey } from "#lib/domain/fine-tuning/sealing/commands.ts";
import { lockJob } from "#lib/domain/fine-tuning/status/commands.ts";
import { tunedModelOf } from "#lib/domain/tuned-models/queries.ts";
import type { ForeignPrompts } from "#lib/engine/training/foreign-prompts.ts";
import type { ReviewedPrompt } from "#lib/engine/training/port.ts";
import { estimateTokens } from "#lib/engine/upstream/estimate.ts";
import { answersInput } from "./input.ts";

const answered = (): AppError =>
  new AppError("conflict", "This review has its answers, or nothing was to be asked for it.");

/** Keeps what base and a model that another server answers with said to the prompts of its review, once. */
export const keepAnswers = command({
  can: "tuned-models.write",
  within: "workspace",
  input: answersInput,
  run: (ctx, { model: id, step, answers }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      const model = await tunedModelOf(ctx, id);
      const its = and(
        eq(tuningReviews.organizationId, organizationId),
        eq(tuningReviews.jobId, model.jobId),
        eq(tuningReviews.step, step),
        eq(tuningReviews.state, "asking"),
      );
      if ((await ctx.db.$count(tuningReviews, its)) === 0) throw answered();
      const job = await lockJob(ctx, { organizationId, id: model.jobId });
      const [review] = await ctx.db.select().from(tuningReviews).where(its);
      if (!review?.prompts) throw answered();
      const key = await jobKey(ctx, job);
      const label = reviewLabel(job.id, step);
      const { prompts, style } = openLasting<ForeignPrompts>(key, review.prompts, label);
      const said = prompts.flatMap(({ messages, wanted }, at): ReviewedPrompt[] => {
        const answer = answers[at];
        const tokens = estimateTokens(wanted);
        return answer ? [{ messages, wanted: { text: wanted, tokens }, ...answer }] : [];
      });
      if (said.length === 0) throw new AppError("invalid", "No prompt was answered by both.");
      const figures = figuresOf({ samples: said.length, bits: null, style, prompts: said });
      const sealed = sealLasting(key, said.map(shownPrompt), label);
      await ctx.db.update(tuningReviews).set({ state: "ready", figures, prompts: sealed, madeAt: ctx.now }).where(its);
      if (step === model.step)
        await ctx.db
          .update(tuningJobs)
          .set({ verdict: verdictOf(figures) })
          .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, job.id)));
      const object = { type: "model", id } as const;
      await writeAudit(ctx, {
        action: "model.review",
        object,
        after: { step, prompts: said.length },
        clause: "T-4.2.3-1",
      });
    }),
});
