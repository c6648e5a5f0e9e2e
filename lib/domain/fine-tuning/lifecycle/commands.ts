import { and, eq, inArray, isNotNull, isNull, lt, lte, or, sql } from "drizzle-orm";
import { type TrainerKind, type TuningStatus, tuningClaims, tuningJobs, tuningSegments } from "#db/schema/tuning.ts";
import { tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays, monthOf } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { lineOf } from "#lib/domain/fine-tuning/line/commands.ts";
import { nextUp } from "#lib/domain/fine-tuning/line/rules.ts";
import { billMinimum, billSegments, moveHold, releaseHold } from "#lib/domain/fine-tuning/money/commands.ts";
import { tellCancelled, tellFailed, tellWebhooks, writeSucceeded } from "#lib/domain/fine-tuning/news/commands.ts";
import { askToReport } from "#lib/domain/fine-tuning/reporting/commands.ts";
import { openReview } from "#lib/domain/fine-tuning/review/making/commands.ts";
import { isEnded, isPossible, type Job, type JobRef, startDays } from "#lib/domain/fine-tuning/rules.ts";
import { lockJob, noteEvent, placeOf, transit } from "#lib/domain/fine-tuning/status/commands.ts";
import { makeTunedModel } from "#lib/domain/tuned-models/commands.ts";
import type { Orders, Outcome } from "#lib/engine/training/port.ts";
import { type End, endOf, isOurs, orders } from "./rules.ts";

type Offer = { kinds: readonly TrainerKind[]; models: readonly string[] | null };

/**
 * The job a trainer should take now, if there is one. Whoever claims it does so in the same transaction, which is alone
 * in the line of its kind until it ends.
 */
export const nextJob = part(async (ctx: AccountContext, { kinds, models }: Offer): Promise<JobRef | null> => {
  for (const kind of kinds.toSorted()) {
    await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`tuning_line:${kind}`}))`);
    const next = (await lostCancelled(ctx, kind)) ?? nextUp(await lineOf(ctx, kind, models))?.waiting[0]?.ref;
    if (next) return next;
  }
  return null;
});

/** A job that is to be cancelled and has lost its trainer: it only has to be ended, so it waits for no turn. */
async function lostCancelled(ctx: AccountContext, kind: TrainerKind): Promise<JobRef | undefined> {
  const [found] = await ctx.db
    .select({ organizationId: tuningJobs.organizationId, id: tuningJobs.id })
    .from(tuningJobs)
    .where(
      and(
        eq(tuningJobs.status, "CANCELLATION_REQUESTED"),
        eq(tuningJobs.trainerKind, kind),
        sql`not exists (select from ${tuningClaims} as claim where claim.organization_id = ${tuningJobs.organizationId}
          and claim.job_id = ${tuningJobs.id} and claim.ended_at is null and claim.lease_until > ${ctx.now.toISOString()}::timestamptz)`,
      ),
    )
    .orderBy(tuningJobs.id)
    .limit(1);
  return found;
}

/** A trainer has begun, or goes on with what another left. */
export const markRunning = part(async (ctx: AccountContext, ref: JobRef): Promise<void> => {
  await settleMonth(ctx, ref);
  const job = await lockJob(ctx, ref);
  if (!isPossible("run", job.status)) return;
  const running = await transit(ctx, ref, "run", { runningAt: ctx.now });
  await noteEvent(ctx, ref, "trainer", { kind: job.trainerKind });
  await tellWebhooks(placeOf(ctx, job), "started", running);
});

/** What the trainer of a job is to do next. */
export const ordersOf = part(async (ctx: AccountContext, ref: JobRef): Promise<Orders> => {
  const [job] = await ctx.db
    .select({ status: tuningJobs.status, stopAskedAt: tuningJobs.stopAskedAt })
    .from(tuningJobs)
    .where(and(eq(tuningJobs.organizationId, ref.organizationId), eq(tuningJobs.id, ref.id)));
  return job ? orders(job) : "lost";
});

/**
 * Ends a job, once: what it trained is billed, the rest of its hold is free again, and all who wait for it are told. Of a
 * job that has ended already nothing changes.
 */
export const endJob = part(async (ctx: AccountContext, ref: JobRef, outcome: Outcome): Promise<TuningStatus> => {
  const job = await lockJob(ctx, ref);
  if (outcome.outcome === "lost" || isEnded(job.status)) return job.status;
  const end = endOf(job.status, outcome);
  if (!isPossible(end.transition, job.status))
    throw new AppError("conflict", `A job that is ${job.status} cannot end like this.`, { code: "job_state" });
  const billed = await bill(ctx, job, end);
  const tunedModelId = outcome.outcome === "succeeded" ? await makeTunedModel(ctx, job, outcome) : null;
  const ended = await transit(ctx, ref, end.transition, {
    ...(await trainedOf(ctx, ref)),
    lesseeId: null,
    endedAt: ctx.now,
    tunedModelId,
    warnings: [...job.warnings, ...(outcome.outcome === "succeeded" ? (outcome.warnings ?? []) : [])],
    failure: end.failure,
    creditDuePico: end.failure && isOurs(end.failure.code) ? job.chargedPico : 0n,
  });
  await releaseHold(ctx, billed);
  const isReviewed = outcome.outcome === "succeeded" && (await openReview(ctx, ended, outcome.step));
  await announce(ctx, ended, isReviewed);
  await askToReport(ctx, ended);
  return ended.status;
});

async function bill(ctx: AccountContext, job: Job, { bills }: End): Promise<Job> {
  const billed = await billSegments(ctx, job, bills === "nothing");
  return bills === "at_least_the_minimum" ? billMinimum(ctx, billed) : billed;
}

async function trainedOf(
  ctx: AccountContext,
  { organizationId, id }: JobRef,
): Promise<{ trainedSteps: number; trainedTokens: number }> {
  const [sum] = await ctx.db
    .select({
      trainedSteps: sql<number>`coalesce(max(${tuningSegments.lastStep}), 0)`.mapWith(Number),
      trainedTokens: sql<number>`coalesce(sum(${tuningSegments.tokens}), 0)`.mapWith(Number),
    })
    .from(tuningSegments)
    .where(and(eq(tuningSegments.organizationId, organizationId), eq(tuningSegments.jobId, id)));
  return sum ?? { trainedSteps: 0, trainedTokens: 0 };
}

/** Where a review is made, the person is written to with its verdict. */
async function announce(ctx: AccountContext, job: Job, isReviewed: boolean): Promise<void> {
  const its = placeOf(ctx, job);
  const { status, chargedPico, trainedSteps, tunedModelId, failure } = job;
  await writeAudit(its, {
    action: "fine_tuning_job.end",
    object: { type: "fine_tuning_job", id: job.id },
    after: {
      status,
      steps: trainedSteps,
      cost: String(chargedPico),
      model: tunedModelId,
      failure: failure?.code ?? null,
    },
    clause: "T-4.2.3-1",
  });
  if (status === "SUCCESS") {
    await tellWebhooks(its, "succeeded", job);
    if (!isReviewed) await writeSucceeded(its, job);
  } else if (status === "FAILED") await tellFailed(its, job);
  else
    await tellCancelled(
      its,
      job,
      "The training has ended. What its checkpoints had trained by then was kept count of.",
    );
}

/**
 * The first write of a month that a job goes on in bills what it trained into the month before, and holds the rest in the
 * new one. A job that finds no room there is cancelled; its checkpoints stay.
 */
export const settleMonth = part(async (ctx: AccountContext, ref: JobRef): Promise<void> => {
  const job = await lockJob(ctx, ref);
  const isGoingOn = job.status === "STARTED" || job.status === "RUNNING";
  if (!isGoingOn || job.heldMonth === null || monthOf(ctx.now) <= job.heldMonth) return;
  const billed = await billSegments(ctx, job, false);
  const short = await moveHold(ctx, billed);
  if (!short) return;
  await noteEvent(ctx, ref, "spend_limit", { scope: short.scope, period: short.period });
  if (job.status === "RUNNING") await askToCancel(ctx, ref);
  else await endWaiting(ctx, billed, "A spend limit has no room for it in the new month.");
});

/** Has the trainer end a job and keep what is saved. */
export const askToCancel = part(async (ctx: AccountContext, ref: JobRef): Promise<Job> => {
  const job = await transit(ctx, ref, "askToCancel");
  return job;
});

/** Ends a job that no trainer has begun. Nothing is billed, because nothing was trained. */
export const endWaiting = part(async (ctx: AccountContext, job: Job, reason: string): Promise<Job> => {
  const ended = await transit(ctx, job, "cancel", { lesseeId: null, endedAt: ctx.now, waitsFor: null });
  if (job.lesseeId) await releaseHold(ctx, job);
  await tellCancelled(placeOf(ctx, job), ended, reason);
  return ended;
});

const refs = { organizationId: tuningJobs.organizationId, id: tuningJobs.id };

/** Moves what jobs hold into the month that has begun; says how many jobs. */
export const turnMonths = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const late = await ctx.db
      .select(refs)
      .from(tuningJobs)
      .where(and(inArray(tuningJobs.status, ["STARTED", "RUNNING"]), lt(tuningJobs.heldMonth, monthOf(ctx.now))));
    for (const ref of late) await transaction(ctx, (ctx) => settleMonth(ctx, ref));
    return late.length;
  },
});

/** Cancels checked jobs that no one has started for long; says how many. */
export const cancelUnstarted = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const old = await ctx.db
      .select(refs)
      .from(tuningJobs)
      .where(and(eq(tuningJobs.status, "VALIDATED"), lte(tuningJobs.modifiedAt, addDays(ctx.now, -startDays))));
    for (const ref of old)
      await transaction(ctx, async (ctx) => {
        const job = await lockJob(ctx, ref);
        if (job.status === "VALIDATED") await endWaiting(ctx, job, `No one has started it within ${startDays} days.`);
      });
    return old.length;
  },
});

/** T-6-EFF: ends every job of an organization at once. What checkpoints have kept is billed; trainers hear that it is over. */
export const endAllJobs = part(async (ctx: OrganizationContext): Promise<number> => {
  const active = await ctx.db
    .select(refs)
    .from(tuningJobs)
    .where(and(eq(tuningJobs.organizationId, ctx.organizationId), isNull(tuningJobs.endedAt)));
  for (const ref of active) {
    const job = await lockJob(ctx, ref);
    if (isPossible("cancel", job.status)) await endWaiting(ctx, job, "The contract has ended.");
    else {
      if (isPossible("askToCancel", job.status)) await askToCancel(ctx, ref);
      await endJob(ctx, ref, { outcome: "cancelled", step: job.trainedSteps });
    }
  }
  return active.length;
});

/** How long after a job its credentials of other services are still there, for what could not be reported before. */
const credentialDays = 7;

/** Erases the credentials of jobs that have ended; says how many. */
export const eraseCredentials = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const ended = sql`exists (select from ${tuningJobs} where ${tuningJobs.organizationId} = ${tuningIntegrations.organizationId}
      and ${tuningJobs.id} = ${tuningIntegrations.jobId}
      and ${tuningJobs.endedAt} <= ${addDays(ctx.now, -credentialDays).toISOString()}::timestamptz)`;
    const erased = await ctx.db
      .update(tuningIntegrations)
      .set({ sealedKey: null, connectionId: null })
      .where(and(or(isNotNull(tuningIntegrations.sealedKey), isNotNull(tuningIntegrations.connectionId)), ended))
      .returning({ id: tuningIntegrations.jobId });
    return erased.length;
  },
});
