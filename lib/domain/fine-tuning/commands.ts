import { and, eq } from "drizzle-orm";
import { tuningJobs } from "#db/schema/tuning.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { makeJob } from "./creating/commands.ts";
import { type CreateJobInput, createJobInput, jobInput } from "./input.ts";
import { askToCancel, endWaiting } from "./lifecycle/commands.ts";
import { jobOf } from "./queries.ts";
import { isPossible, isUsable, type Job, unusableWords } from "./rules.ts";
import { begin } from "./starting/commands.ts";
import { shortage } from "./starting/rules.ts";
import { lockJob, noteEvent } from "./status/commands.ts";
import type { JobDetail } from "./view.ts";

/** Asks for a fine-tuning (T-4.2.3-1): its data is looked through first, then it starts by itself or by a person. */
export const createJob = command({
  can: "fine-tuning.write",
  within: "workspace",
  input: createJobInput,
  run: (ctx, input): Promise<JobDetail> => transaction(ctx, async (ctx) => jobOf(ctx, (await makeJob(ctx, input)).id)),
});

/** Starts a checked job. What it may cost is held from now on; a limit without room for it refuses it by name. */
export const startJob = command({
  can: "fine-tuning.write",
  within: "workspace",
  input: jobInput,
  run: (ctx, { job: id }): Promise<JobDetail> =>
    transaction(ctx, async (ctx) => {
      const job = await lockHere(ctx, id);
      if (!isPossible("start", job.status)) throw unable("start", job);
      const begun = await begin(ctx, job);
      if ("short" in begun) throw shortage(begun.short, { workspaceId: job.workspaceId, needed: begun.needed });
      await note(ctx, "fine_tuning_job.start", begun, { quote: String(begun.quotePico) });
      return jobOf(ctx, id);
    }),
});

/** Cancels a job: at once where no trainer has begun, else its trainer ends it. What checkpoints have kept is billed. */
export const cancelJob = command({
  can: "fine-tuning.write",
  within: "workspace",
  input: jobInput,
  run: (ctx, { job: id }): Promise<JobDetail> =>
    transaction(ctx, async (ctx) => {
      const job = await lockHere(ctx, id);
      if (job.status === "CANCELLED" || job.status === "CANCELLATION_REQUESTED") return jobOf(ctx, id);
      if (isPossible("askToCancel", job.status)) await askToCancel(ctx, job);
      else if (isPossible("cancel", job.status))
        await endWaiting(ctx, job, "It was cancelled before its training began.");
      else throw unable("cancel", job);
      await note(ctx, "fine_tuning_job.cancel", job, { from: job.status });
      return jobOf(ctx, id);
    }),
});

/** Ends a training with what its last checkpoint has, which then is the model. */
export const stopJob = command({
  can: "fine-tuning.write",
  within: "workspace",
  input: jobInput,
  run: (ctx, { job: id }): Promise<JobDetail> =>
    transaction(ctx, async (ctx) => {
      const job = await lockHere(ctx, id);
      if (job.status !== "RUNNING") throw unable("stop", job);
      const { checkpoints } = await jobOf(ctx, id);
      if (!checkpoints.some((one) => isUsable(job.trainerKind, one))) throw nothingToKeep(checkpoints.length > 0);
      if (job.stopAskedAt === null) await askToStop(ctx, job);
      return jobOf(ctx, id);
    }),
});

const nothingToKeep = (isThere: boolean): AppError =>
  new AppError(
    "conflict",
    isThere ? unusableWords : "There is no checkpoint yet that could be kept. Wait for the first, or cancel.",
    { code: "no_checkpoint" },
  );

async function askToStop(ctx: Context, job: Job): Promise<void> {
  await ctx.db
    .update(tuningJobs)
    .set({ stopAskedAt: ctx.now, modifiedAt: ctx.now })
    .where(and(eq(tuningJobs.organizationId, job.organizationId), eq(tuningJobs.id, job.id)));
  await noteEvent(ctx, job, "stop_asked", {});
  await note(ctx, "fine_tuning_job.stop", job, { steps: job.trainedSteps });
}

/** Asks for the same once more. Where it reports to is not taken along: those credentials were given for the other job. */
export const runJobAgain = command({
  can: "fine-tuning.write",
  within: "workspace",
  input: jobInput,
  run: (ctx, { job: id }): Promise<JobDetail> =>
    transaction(ctx, async (ctx) => jobOf(ctx, (await makeJob(ctx, again(await lockHere(ctx, id)))).id)),
});

const again = (job: Job): CreateJobInput => ({
  model: job.requestedModel,
  training_files: job.trainingFiles.map(({ file, weight }) => ({ file_id: file, weight })),
  validation_files: job.validationFiles.map(({ file }) => file),
  hyperparameters: { ...job.hyperparameters, random_seed: job.seed },
  suffix: job.suffix,
  integrations: [],
  auto_start: job.autoStart,
  invalid_sample_skip_percentage: job.skipShare,
  job_type: "completion",
  repositories: [],
  classifier_targets: [],
});

/** A job of this workspace, and no other's. */
async function lockHere(ctx: Context, id: Job["id"]): Promise<Job> {
  const { id: found } = await jobOf(ctx, id);
  return lockJob(ctx, { organizationId: ctx.organizationId, id: found });
}

const unable = (verb: keyof typeof past, { status }: Job): AppError =>
  new AppError("conflict", `A job that is ${status} cannot be ${past[verb]}.`, {
    code: "job_state",
    details: { status },
  });

const past = { start: "started", cancel: "cancelled", stop: "stopped" } as const;

const note = (ctx: Context, action: AuditAction, { id }: Job, after: Record<string, unknown>): Promise<void> =>
  writeAudit(ctx, { action, object: { type: "fine_tuning_job", id }, after, clause: "T-4.2.3-1" });
