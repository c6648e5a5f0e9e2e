import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Sealed } from "#db/columns.ts";
import { type Id, newId } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { type TuningFile, tuningJobs } from "#db/schema/tuning.ts";
import { tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { seal } from "#lib/core/secrets.ts";
import { projectOf } from "#lib/domain/connections/reporting/commands.ts";
import { lockFile, noteUse } from "#lib/domain/files/commands.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import type { CreateJobInput } from "#lib/domain/fine-tuning/input.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { lockCounts, planNow, refuseEnded, tunableModel } from "#lib/domain/fine-tuning/starting/commands.ts";
import { noteEvent } from "#lib/domain/fine-tuning/status/commands.ts";
import { validation as validating } from "#lib/domain/fine-tuning/validation/input.ts";
import { entitlements } from "#lib/domain/organizations/plan/rules.ts";
import { zeroRetention } from "#lib/domain/retention/rules.ts";
import { trainedThere } from "#lib/engine/config.ts";
import { alike, fingerprintOf, frozen, notTunable, seedOf, trainerOf } from "./rules.ts";

/** A data set as a job names it, with its size. */
export type ChosenFile = TuningFile & { bytes: number; lines: number };

/** The files that were named, as far as the one who asks sees them and they are for fine-tuning. */
export const chosenFiles = part(
  async (
    ctx: Context,
    { training_files, validation_files }: Pick<CreateJobInput, "training_files" | "validation_files">,
  ): Promise<{ training: ChosenFile[]; validation: ChosenFile[] }> => {
    const training: ChosenFile[] = [];
    for (const { file_id, weight } of training_files)
      training.push(chosen(await fileOf(ctx, file_id), weight, "training_files"));
    const validation: ChosenFile[] = [];
    for (const id of validation_files ?? []) validation.push(chosen(await fileOf(ctx, id), 1, "validation_files"));
    return { training, validation };
  },
);

function chosen({ isDraft, ...found }: StoredFile, weight: number, field: string): ChosenFile {
  const { id, name, sha256, purpose, bytes, lines } = found;
  if (isDraft) {
    const message = `${name} is a draft with too many wrong lines. Mend it first.`;
    throw new AppError("invalid", message, { code: "data_set_refused", fields: { [field]: [message] } });
  }
  if (purpose !== "fine-tune") {
    const message = `${name} is for ${purpose}. Upload it again with the purpose fine-tune.`;
    throw new AppError("invalid", message, { code: "file_purpose", fields: { [field]: [message] } });
  }
  return { file: id, name, sha256, weight, bytes, lines: lines ?? 0 };
}

const asKept = ({ file, name, sha256, weight }: ChosenFile): TuningFile => ({ file, name, sha256, weight });

/** Makes a job of what was asked and has its data looked through. Of two alike at once, one is refused. */
export const makeJob = part(async (ctx: Context, input: CreateJobInput): Promise<Job> => {
  await refuseUnderZeroRetention(ctx);
  await refuseEnded(ctx, input.model);
  const model = await tunableModel(ctx, input.model);
  if (!model) throw notTunable();
  await refuseBeyondPlan(ctx);
  const files = await chosenFiles(ctx, input);
  for (const { file } of [...files.training, ...files.validation]) {
    await lockFile(ctx, file, "share");
    await noteUse(ctx, file);
  }
  const { organizationId, workspaceId, now: createdAt } = ctx;
  const id = newId("tuningJob", createdAt);
  const trainerKind = trainerOf(model, trainedThere(env().UPSTREAMS));
  const trainingFiles = files.training.map(asKept);
  const validationFiles = files.validation.map(asKept);
  const hyperparameters = frozen(input.hyperparameters, trainerKind);
  const common = { hyperparameters, suffix: input.suffix, skipShare: input.invalid_sample_skip_percentage };
  const seed = input.hyperparameters.random_seed;
  const sets = { training: trainingFiles, validation: validationFiles };
  const fingerprint = fingerprintOf({ workspaceId, model: model.id, ...sets, ...common, seed });
  const [made] = await ctx.db
    .insert(tuningJobs)
    .values({
      ...{ organizationId, id, workspaceId, createdAt, trainerKind, trainingFiles, validationFiles, fingerprint },
      ...common,
      createdBy: memberBehind(ctx.actor),
      keyId: ctx.actor.kind === "key" ? (ctx.actor.id as Id<"key">) : null,
      requestedModel: input.model,
      model: model.id,
      status: "QUEUED",
      autoStart: input.auto_start,
      seed: seedOf(seed, id),
      modifiedAt: createdAt,
    })
    .onConflictDoNothing()
    .returning();
  if (!made) throw await twin(ctx, fingerprint);
  await keepIntegrations(ctx, id, input);
  await noteEvent(ctx, made, "status-updated", { status: made.status });
  await writeAudit(ctx, {
    action: "fine_tuning_job.create",
    object: { type: "fine_tuning_job", id },
    after: { model: input.model, files: trainingFiles.map(({ file }) => file), auto_start: input.auto_start },
    clause: "T-4.2.3-1",
  });
  await enqueue(ctx, validating, { organization: organizationId, job: id }, { key: id });
  return made;
});

async function twin(ctx: Context, fingerprint: string): Promise<AppError> {
  const [same] = await ctx.db
    .select({ id: tuningJobs.id, status: tuningJobs.status })
    .from(tuningJobs)
    .where(
      and(
        eq(tuningJobs.organizationId, ctx.organizationId),
        eq(tuningJobs.fingerprint, fingerprint),
        isNull(tuningJobs.endedAt),
      ),
    );
  // It has ended in this moment.
  return same ? alike(same.id, same.status) : new AppError("conflict", "The same job has just ended. Try again.");
}

async function keepIntegrations(ctx: Context, jobId: Id<"tuningJob">, { integrations }: CreateJobInput): Promise<void> {
  if (!integrations || integrations.length === 0) return;
  for (const [position, { type, name, run_name: runName, api_key: key, ...one }] of integrations.entries()) {
    const { connection: connectionId = null } = one;
    const named = connectionId && (await projectOf(ctx, connectionId));
    const project = one.project ?? named ?? "";
    await ctx.db.insert(tuningIntegrations).values({
      ...{ organizationId: ctx.organizationId, jobId, position, type, project, name, runName, createdAt: ctx.now },
      ...(key !== undefined && { sealedKey: seal(Buffer.from(key), `wandb:${jobId}`) as Sealed }),
      connectionId,
    });
  }
}

/** T-4.2.2.2-ZDR4: what a job learns from is kept, and so is what it learned. */
async function refuseUnderZeroRetention(ctx: Context): Promise<void> {
  const [row] = await ctx.db.execute<{ refused: boolean }>(
    sql`select is_zero_retention(${ctx.organizationId}, ${ctx.workspaceId}) and not 'files' = any(kept_classes(${ctx.organizationId}, ${ctx.workspaceId})) as refused`,
  );
  if (row?.refused !== false) throw zeroRetention("Fine-tuning keeps data and models");
}

async function refuseBeyondPlan(ctx: Context): Promise<void> {
  const plan = await planNow(ctx, ctx);
  const { jobsADayMax, modelsMax } = entitlements[plan].tuning;
  if (jobsADayMax === null && modelsMax === null) return;
  await lockCounts(ctx, ctx);
  const beyond = (message: string) => new AppError("forbidden", message, { code: "plan_limit" });
  const ours = eq(tuningJobs.organizationId, ctx.organizationId);
  if (jobsADayMax !== null) {
    const today = and(ours, gt(tuningJobs.createdAt, addDays(ctx.now, -1)));
    if ((await ctx.db.$count(tuningJobs, today)) >= jobsADayMax)
      throw beyond(
        `The free plan makes ${jobsADayMax} fine-tuning jobs in 24 hours. Try again later, or change the plan.`,
      );
  }
  if (modelsMax === null) return;
  const kept = await ctx.db.$count(tunedModels, eq(tunedModels.organizationId, ctx.organizationId));
  const active = await ctx.db.$count(tuningJobs, and(ours, isNull(tuningJobs.endedAt)));
  if (kept + active >= modelsMax)
    throw beyond(`The free plan keeps ${modelsMax} tuned models. Delete one, or change the plan.`);
}
