import { and, eq } from "drizzle-orm";
import { tuningJobs } from "#db/schema/tuning.ts";
import { tuningReviews } from "#db/schema/tuning-reviews.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { lastingKey, openLasting } from "#lib/core/keyring/lasting.ts";
import { tunedModelOf } from "#lib/domain/tuned-models/queries.ts";
import type { ForeignPrompts } from "#lib/engine/training/foreign-prompts.ts";
import { reviewLabel, type ShownPrompt, verdictOf } from "./rules.ts";
import type { ReviewView } from "./view.ts";

/**
 * The review of a step of a tuned model, for who may see the model and read files, because it quotes them. Null where none
 * was asked for.
 */
export async function reviewOf(ctx: Context, model: string, step: number): Promise<ReviewView | null> {
  authorize(ctx.actor, "files.read");
  const { organizationId } = ctx;
  const { jobId } = await tunedModelOf(ctx, model);
  const its = [eq(tuningReviews.organizationId, organizationId), eq(tuningReviews.jobId, jobId)];
  const [row] = await ctx.db
    .select({ review: tuningReviews, key: tuningJobs.key })
    .from(tuningReviews)
    .innerJoin(
      tuningJobs,
      and(eq(tuningJobs.organizationId, tuningReviews.organizationId), eq(tuningJobs.id, tuningReviews.jobId)),
    )
    .where(and(...its, eq(tuningReviews.step, step)));
  if (!row) return null;
  const { state, problem, figures, prompts, madeAt, at } = row.review;
  const open = async <T>(): Promise<T | null> =>
    row.key && prompts ? openLasting<T>(await lastingKey(row.key, jobId), prompts, reviewLabel(jobId, step)) : null;
  if (state === "pending") return { state, step };
  if (state === "asking") return { state, step, prompts: (await open<ForeignPrompts>())?.prompts ?? [] };
  if (state === "failed" || !figures) return { state: "failed", step, problem: problem ?? "" };
  const shown = (await open<ShownPrompt[]>()) ?? [];
  return { state, step, figures, verdict: verdictOf(figures), prompts: shown, madeAt: madeAt ?? at };
}
