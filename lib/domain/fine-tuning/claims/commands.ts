import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { type TrainerKind, tuningCheckpoints, tuningClaims, tuningSegments } from "#db/schema/tuning.ts";
import { addMinutes, stopwatch } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { discardContent, receiveBytes } from "#lib/domain/files/contents/commands.ts";
import { endJob, markRunning, nextJob, ordersOf, settleMonth } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { lockJob } from "#lib/domain/fine-tuning/status/commands.ts";
import type { CheckpointReport, Orders, Outcome } from "#lib/engine/training/port.ts";
import { keepWeights } from "./checkpoints/commands.ts";
import { keepReport } from "./reports/commands.ts";
import { fruitlessMost, leaseSeconds } from "./rules.ts";
import type { Claim, ClaimRef } from "./view.ts";

export type Offer = {
  kinds: readonly TrainerKind[];
  /** The base models it can train; null: all that are trained this way. */
  models: readonly string[] | null;
  trainerId?: Id<"trainer">;
};

const leaseFrom = (ctx: AccountContext, kind: TrainerKind): Date =>
  new Date(ctx.now.getTime() + leaseSeconds[kind] * 1000);

/**
 * Gives a trainer the next job: one that has not begun, or one whose trainer was lost, which goes on from its last checkpoint.
 * Jobs that only have to be ended are ended on the way.
 */
export const claimJob = part(async (ctx: AccountContext, offer: Offer): Promise<Claim | null> => {
  for (;;) {
    const found = await transaction(ctx, (ctx) => claimNext(ctx, offer));
    if (found !== "ended") return found;
  }
});

async function claimNext(ctx: AccountContext, offer: Offer): Promise<Claim | "ended" | null> {
  const ref = await nextJob(ctx, offer);
  if (!ref) return null;
  const job = await lockJob(ctx, ref);
  const before = await claimsBefore(ctx, job);
  await ctx.db
    .update(tuningClaims)
    .set({ endedAt: ctx.now, outcome: "lost" })
    .where(and(ofJob(job), isNull(tuningClaims.endedAt)));
  if (job.status === "CANCELLATION_REQUESTED") {
    await endJob(ctx, ref, { outcome: "cancelled", step: job.trainedSteps });
    return "ended";
  }
  if (before.fruitless >= fruitlessMost) {
    await endJob(ctx, ref, { outcome: "failed", step: job.trainedSteps, failure: trainerLost });
    return "ended";
  }
  const claim = await addClaim(ctx, job, before, offer);
  await markRunning(ctx, ref);
  return claim;
}

const trainerLost = {
  code: "trainer_lost",
  message: `The trainer was lost ${fruitlessMost} times without a step in between.`,
  advice: "This is our fault and costs nothing. Run the job again; our staff have been told.",
} as const;

const ofJob = ({ organizationId, id }: Pick<Job, "organizationId" | "id">) =>
  and(eq(tuningClaims.organizationId, organizationId), eq(tuningClaims.jobId, id));

type Before = { number: number; fruitless: number; fromStep: number; upstream: Record<string, string> };

/** The last claim, how many in a row were lost since the last new step, and where training goes on. */
async function claimsBefore(ctx: AccountContext, job: Job): Promise<Before> {
  const rows = await ctx.db
    .select()
    .from(tuningClaims)
    .where(ofJob(job))
    .orderBy(desc(tuningClaims.number))
    .limit(fruitlessMost);
  const fromStep = await lastStep(ctx, job);
  // One that was given back by a process that stops is no fault of the job's.
  const isFruitless = (row: (typeof rows)[number]) =>
    row.fromStep === fromStep && (row.outcome === "lost" || row.endedAt === null);
  const broken = rows.findIndex((row) => !isFruitless(row));
  return {
    number: rows[0]?.number ?? 0,
    fruitless: broken < 0 ? rows.length : broken,
    fromStep,
    upstream: rows[0]?.upstream ?? {},
  };
}

async function lastStep(ctx: AccountContext, { organizationId, id }: Job): Promise<number> {
  const [row] = await ctx.db
    .select({ step: sql`coalesce(max(${tuningSegments.lastStep}), 0)`.mapWith(Number) })
    .from(tuningSegments)
    .where(and(eq(tuningSegments.organizationId, organizationId), eq(tuningSegments.jobId, id)));
  return row?.step ?? 0;
}

async function addClaim(ctx: AccountContext, job: Job, before: Before, { trainerId }: Offer): Promise<Claim> {
  const { organizationId, workspaceId, id: jobId, trainerKind: kind } = job;
  const { fromStep, upstream } = before;
  const made = { organizationId, id: newId("tuningClaim", ctx.now), jobId, number: before.number + 1, kind, fromStep };
  const leaseUntil = leaseFrom(ctx, kind);
  const row = { ...made, upstream, leaseUntil, claimedAt: ctx.now, trainerId: trainerId ?? null };
  await ctx.db.insert(tuningClaims).values(row);
  return { ...made, workspaceId, leaseUntil, endedAt: null, upstream };
}

type Held = { job: Job; kind: TrainerKind };

/** What a trainer reports is written under its claim's lock, and only while that is the job's last and has not ended. */
async function underClaim<T>(
  ctx: AccountContext,
  { organizationId, id, number }: ClaimRef,
  work: (ctx: AccountContext, held: Held) => Promise<T>,
): Promise<T | "lost"> {
  return transaction(ctx, async (ctx) => {
    const its = and(eq(tuningClaims.organizationId, organizationId), eq(tuningClaims.id, id));
    const [named] = await ctx.db.select({ jobId: tuningClaims.jobId }).from(tuningClaims).where(its);
    if (!named) return "lost";
    const job = await lockJob(ctx, { organizationId, id: named.jobId });
    const [claim] = await ctx.db.select().from(tuningClaims).where(its).for("update");
    if (!claim || claim.number !== number || claim.endedAt !== null) return "lost";
    await ctx.db
      .update(tuningClaims)
      .set({ leaseUntil: leaseFrom(ctx, claim.kind) })
      .where(its);
    return work(ctx, { job, kind: claim.kind });
  });
}

type Beat = Parameters<typeof keepReport>[2];

/** A sign of life with what was measured: renews the lease and says what to do next. What was told before counts once. */
export const beat = part(
  (ctx: AccountContext, ref: ClaimRef, report: Beat): Promise<Orders> =>
    underClaim(ctx, ref, async (ctx, { job }) => {
      await settleMonth(ctx, job);
      await keepReport(ctx, job, report);
      return ordersOf(ctx, job);
    }),
);

/**
 * Keeps what was trained since the checkpoint before: its weights, what was measured, and the segment that is billed, all at
 * once. Told again with the same bytes it changes nothing; with others it is refused.
 */
export const addCheckpoint = part(
  async (ctx: AccountContext, ref: ClaimRef, report: CheckpointReport): Promise<Orders> => {
    const inside = inOrganization(ctx, ref.organizationId);
    const begun = stopwatch();
    const received = report.weights && (await receiveBytes(inside, report.weights));
    try {
      if (received && received.sha256 !== report.sha256)
        throw new AppError("invalid", "The weights are not those of the sha256 that was told. Send them again.");
      // Receiving may have taken long.
      const at = { ...ctx, now: addMinutes(ctx.now, (stopwatch() - begun) / 60_000) };
      const kept = await underClaim(at, ref, async (ctx, { job }) => {
        await settleMonth(ctx, job);
        await keepWeights(ctx, job, report, received);
        return ordersOf(ctx, job);
      });
      if (kept === "lost" && received) await discardContent(inside, received);
      return kept;
    } catch (error) {
      if (received) await discardContent(inside, received);
      throw error;
    }
  },
);

/** Names at another server, kept with the claim so that nothing is sent there twice. */
export const rememberUpstream = part(
  async (ctx: AccountContext, ref: ClaimRef, names: Record<string, string>): Promise<void> => {
    const its = and(eq(tuningClaims.organizationId, ref.organizationId), eq(tuningClaims.id, ref.id));
    await underClaim(ctx, ref, async (ctx) => {
      const upstream = sql`coalesce(${tuningClaims.upstream}, '{}'::jsonb) || ${JSON.stringify(names)}::jsonb`;
      await ctx.db.update(tuningClaims).set({ upstream }).where(its);
    });
  },
);

/** Ends a job as its trainer says. Told again it changes nothing; a trainer whose turn is over is told so. */
export const finishClaim = part(
  async (ctx: AccountContext, ref: ClaimRef, outcome: Outcome): Promise<"finished" | "lost"> => {
    const its = and(eq(tuningClaims.organizationId, ref.organizationId), eq(tuningClaims.id, ref.id));
    const done = await underClaim(ctx, ref, async (ctx, { job }) => {
      if (outcome.outcome === "lost") return "lost" as const;
      await settleMonth(ctx, job);
      await endJob(ctx, job, await believed(ctx, job, outcome));
      await ctx.db.update(tuningClaims).set({ endedAt: ctx.now, outcome: "finished" }).where(its);
      return "finished" as const;
    });
    if (done === "finished") return done;
    const [claim] = await ctx.db.select().from(tuningClaims).where(its);
    return claim?.number === ref.number && claim.outcome === "finished" ? "finished" : "lost";
  },
);

type Ended = Exclude<Outcome, { outcome: "lost" }>;

/** A success is one of a checkpoint that is kept; without one, it is no success. */
async function believed(ctx: AccountContext, job: Job, outcome: Ended): Promise<Ended> {
  if (outcome.outcome !== "succeeded") return { ...outcome, step: Math.min(outcome.step, job.extent?.steps ?? 0) };
  const [found] = await ctx.db
    .select({ step: tuningCheckpoints.step })
    .from(tuningCheckpoints)
    .where(
      and(
        eq(tuningCheckpoints.organizationId, job.organizationId),
        eq(tuningCheckpoints.jobId, job.id),
        eq(tuningCheckpoints.step, outcome.step),
      ),
    );
  if (found) return outcome;
  const message = "The trainer said that it is done, but kept no checkpoint of its last step.";
  const advice = "This is our fault and costs nothing. Run the job again.";
  return { outcome: "failed", step: outcome.step, failure: { code: "internal", message, advice } };
}

async function endClaim(ctx: AccountContext, { organizationId, id }: ClaimRef, outcome: "lost" | null): Promise<void> {
  const its = and(eq(tuningClaims.organizationId, organizationId), eq(tuningClaims.id, id));
  await ctx.db
    .update(tuningClaims)
    .set({ endedAt: ctx.now, outcome })
    .where(and(its, isNull(tuningClaims.endedAt)));
}

/** Gives a job back at once, for a process that stops: another goes on from the last checkpoint. */
export const giveBack = part((ctx: AccountContext, ref: ClaimRef): Promise<void> => endClaim(ctx, ref, null));

/** The same for a trainer that broke. Turns lost so are counted, and a job that breaks every trainer fails. */
export const loseClaim = part((ctx: AccountContext, ref: ClaimRef): Promise<void> => endClaim(ctx, ref, "lost"));
