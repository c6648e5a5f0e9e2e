import { and, asc, eq, inArray, isNotNull, isNull, lte, or } from "drizzle-orm";
import { files } from "#db/schema/files.ts";
import type { ReviewVerdict } from "#db/schema/review-figures.ts";
import { type TrainerKind, tuningCheckpoints, tuningJobs } from "#db/schema/tuning.ts";
import { tuningReviews } from "#db/schema/tuning-reviews.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { sealLasting } from "#lib/core/keyring/lasting.ts";
import { openBlob } from "#lib/domain/files/blobs/commands.ts";
import { trainingOf } from "#lib/domain/fine-tuning/claims/task/commands.ts";
import { writeSucceeded } from "#lib/domain/fine-tuning/news/commands.ts";
import {
  attemptsMost,
  figuresOf,
  leaseSeconds,
  reviewLabel,
  shownPrompt,
  verdictOf,
} from "#lib/domain/fine-tuning/review/rules.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { jobKey } from "#lib/domain/fine-tuning/sealing/commands.ts";
import { lockJob, placeOf } from "#lib/domain/fine-tuning/status/commands.ts";
import type { ForeignPrompts } from "#lib/engine/training/foreign-prompts.ts";
import type { ReviewReport, ReviewTask } from "#lib/engine/training/port.ts";
import type { SurveyTask } from "#lib/engine/training/survey.ts";
import type { ReviewClaim } from "./view.ts";

const its = ({ organizationId, jobId, step }: Pick<ReviewClaim, "organizationId" | "jobId" | "step">) =>
  and(eq(tuningReviews.organizationId, organizationId), eq(tuningReviews.jobId, jobId), eq(tuningReviews.step, step));

/** Under the turn that a process has, as long as no other has had one since. */
const under = (claim: ReviewClaim) =>
  and(its(claim), eq(tuningReviews.state, "pending"), eq(tuningReviews.attempts, claim.attempts));

const leaseFrom = (ctx: AccountContext): Date => new Date(ctx.now.getTime() + leaseSeconds * 1000);

/**
 * Has the review of a new model made, once; says whether its verdict is soon there. Of what answers elsewhere only the prompts
 * are made ready, because to ask them costs money.
 */
export const openReview = part(async (ctx: AccountContext, job: Job, step: number): Promise<boolean> => {
  const { organizationId, id: jobId } = job;
  const isOurs = job.trainerKind === "embedded";
  const isPossible = isOurs ? await hasWeights(ctx, { organizationId, jobId, step }) : job.validationFiles.length > 0;
  if (!isPossible) return false;
  const asked = { organizationId, jobId, step, state: "pending", isAwaited: isOurs, at: ctx.now } as const;
  await ctx.db.insert(tuningReviews).values(asked).onConflictDoNothing();
  return isOurs;
});

async function hasWeights(ctx: AccountContext, named: Pick<ReviewClaim, "organizationId" | "jobId" | "step">) {
  const { organizationId, jobId, step, blobId } = tuningCheckpoints;
  const { organizationId: of, jobId: its, step: at } = named;
  return (
    (await ctx.db.$count(
      tuningCheckpoints,
      and(eq(organizationId, of), eq(jobId, its), eq(step, at), isNotNull(blobId)),
    )) > 0
  );
}

/** Takes the review that has waited longest, or one whose process is gone. One that ended each of them is given up. */
export const claimReview = part(
  async (ctx: AccountContext, kinds: readonly TrainerKind[]): Promise<ReviewClaim | null> => {
    for (;;) {
      const claim = await transaction(ctx, (ctx) => claimNext(ctx, kinds));
      if (!claim || claim.attempts <= attemptsMost) return claim;
      await failReview(ctx, claim, "It could not be made. This is our fault; try once more, or ask in Help.");
    }
  },
);

async function claimNext(ctx: AccountContext, kinds: readonly TrainerKind[]): Promise<ReviewClaim | null> {
  const { organizationId, jobId, step, attempts, leaseUntil } = tuningReviews;
  const [next] = await ctx.db
    .select({ organizationId, jobId, step, attempts, kind: tuningJobs.trainerKind })
    .from(tuningReviews)
    .innerJoin(tuningJobs, and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)))
    .where(
      and(
        eq(tuningReviews.state, "pending"),
        inArray(tuningJobs.trainerKind, [...kinds]),
        or(isNull(leaseUntil), lte(leaseUntil, ctx.now)),
      ),
    )
    .orderBy(asc(tuningReviews.at))
    .limit(1)
    .for("update", { of: tuningReviews, skipLocked: true });
  if (!next) return null;
  const claim = { ...next, attempts: next.attempts + 1 };
  await ctx.db
    .update(tuningReviews)
    .set({ attempts: claim.attempts, leaseUntil: leaseFrom(ctx) })
    .where(its(claim));
  return claim;
}

/** A sign of life of a process at a review; false where the review is another's now, or gone. */
export const renewReview = part(async (ctx: AccountContext, claim: ReviewClaim): Promise<boolean> => {
  const held = await ctx.db
    .update(tuningReviews)
    .set({ leaseUntil: leaseFrom(ctx) })
    .where(under(claim))
    .returning({ step: tuningReviews.step });
  return held.length > 0;
});

/** Gives a review back, for a process that stops. */
export const giveBackReview = part(async (ctx: AccountContext, claim: ReviewClaim): Promise<void> => {
  await ctx.db
    .update(tuningReviews)
    .set({ leaseUntil: null, attempts: claim.attempts - 1 })
    .where(under(claim));
});

/** What is to be asked. What cannot be asked any more is said as an `AppError`. */
export const reviewTaskOf = part(async (ctx: AccountContext, claim: ReviewClaim): Promise<ReviewTask> => {
  const { organizationId, jobId, step } = claim;
  const [found] = await ctx.db
    .select({ blobId: tuningCheckpoints.blobId, job: tuningJobs })
    .from(tuningCheckpoints)
    .innerJoin(
      tuningJobs,
      and(eq(tuningJobs.organizationId, tuningCheckpoints.organizationId), eq(tuningJobs.id, tuningCheckpoints.jobId)),
    )
    .where(
      and(
        eq(tuningCheckpoints.organizationId, organizationId),
        eq(tuningCheckpoints.jobId, jobId),
        eq(tuningCheckpoints.step, step),
      ),
    );
  const id = found?.blobId;
  if (!id) throw new AppError("conflict", "The weights of this step are not kept any more.");
  await refuseWithoutFiles(ctx, found.job);
  const open = () => openBlob(ctx, { organizationId, id });
  return { ...(await trainingOf(ctx, { organizationId, jobId })), keptStep: step, resume: { step, open } };
});

async function refuseWithoutFiles(ctx: AccountContext, job: Job): Promise<void> {
  const named = new Set([...job.trainingFiles, ...job.validationFiles].map(({ file }) => file));
  const kept = and(eq(files.organizationId, job.organizationId), inArray(files.id, [...named]));
  if ((await ctx.db.$count(files, kept)) < named.size)
    throw new AppError("conflict", "A file that it was trained on was deleted, so there is nothing to compare by.");
}

/** What prompts are to be found in. */
export const promptsTaskOf = part(async (ctx: AccountContext, claim: ReviewClaim): Promise<SurveyTask> => {
  const { organizationId, jobId: id } = claim;
  await refuseWithoutFiles(ctx, await lockJob(ctx, { organizationId, id }));
  return trainingOf(ctx, claim);
});

/** Keeps what there is to ask, for a person to have it asked. */
export const keepPrompts = part(
  (ctx: AccountContext, claim: ReviewClaim, found: ForeignPrompts): Promise<"kept" | "lost"> =>
    conclude(ctx, claim, async (ctx, job) => {
      const { jobId, step } = claim;
      const none = found.prompts.length === 0;
      const figures = none ? figuresOf({ samples: 0, bits: null, style: null, prompts: [] }) : null;
      const sealed = none ? null : sealLasting(await jobKey(ctx, job), found, reviewLabel(jobId, step));
      const [row] = await ctx.db
        .update(tuningReviews)
        .set({ state: none ? "ready" : "asking", figures, prompts: sealed, leaseUntil: null, madeAt: ctx.now })
        .where(under(claim))
        .returning();
      return { row, verdict: null };
    }),
);

/** Keeps what was counted and said, once, and tells of it. A review that is gone by now, or another's, keeps nothing. */
export const keepReview = part(
  (ctx: AccountContext, claim: ReviewClaim, report: ReviewReport): Promise<"kept" | "lost"> =>
    conclude(ctx, claim, async (ctx, job) => {
      const figures = figuresOf(report);
      const prompts = report.prompts.map(shownPrompt);
      const sealed = sealLasting(await jobKey(ctx, job), prompts, reviewLabel(claim.jobId, claim.step));
      const kept = await ctx.db
        .update(tuningReviews)
        .set({ state: "ready", figures, prompts: sealed, problem: null, leaseUntil: null, madeAt: ctx.now })
        .where(under(claim))
        .returning();
      return { row: kept[0], verdict: verdictOf(figures) };
    }),
);

/** Ends a review without one. */
export const failReview = part(
  (ctx: AccountContext, claim: ReviewClaim, problem: string): Promise<"kept" | "lost"> =>
    conclude(ctx, claim, async (ctx) => {
      const failed = await ctx.db
        .update(tuningReviews)
        .set({ state: "failed", problem, leaseUntil: null, madeAt: ctx.now })
        .where(under(claim))
        .returning();
      return { row: failed[0], verdict: null };
    }),
);

type Written = { row: typeof tuningReviews.$inferSelect | undefined; verdict: ReviewVerdict | null };

async function conclude(
  ctx: AccountContext,
  { organizationId, jobId: id }: ReviewClaim,
  write: (ctx: AccountContext, job: Job) => Promise<Written>,
): Promise<"kept" | "lost"> {
  return transaction(ctx, async (ctx) => {
    const its = and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, id));
    if ((await ctx.db.$count(tuningJobs, its)) === 0) return "lost";
    const job = await lockJob(ctx, { organizationId, id });
    const { row, verdict } = await write(ctx, job);
    if (!row) return "lost";
    // Of the step that became the model; those of other steps are on their own pages.
    if (!row.isAwaited) return "kept";
    await ctx.db.update(tuningJobs).set({ verdict }).where(its);
    await ctx.db.update(tuningReviews).set({ isAwaited: false }).where(itsOf(row));
    await writeSucceeded(placeOf(ctx, job), { ...job, verdict });
    return "kept";
  });
}

const itsOf = ({ organizationId, jobId, step }: typeof tuningReviews.$inferSelect) =>
  its({ organizationId, jobId, step });
