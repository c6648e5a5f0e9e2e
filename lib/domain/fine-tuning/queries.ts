import { and, desc, eq, gt, inArray, lt, type SQL, sql } from "drizzle-orm";
import { idOfUuid } from "#db/id.ts";
import { tuningCheckpoints, tuningEvents, tuningJobs } from "#db/schema/tuning.ts";
import { tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { durationOf, startOf } from "./estimate/commands.ts";
import type { JobFilter } from "./input.ts";
import { isEnded } from "./rules.ts";
import type { IntegrationView, JobDetail, JobView } from "./view.ts";

const here = (ctx: Context): SQL | undefined =>
  and(eq(tuningJobs.organizationId, ctx.organizationId), eq(tuningJobs.workspaceId, ctx.workspaceId));

const reporting = (ctx: Context, where: SQL | undefined): SQL =>
  sql`exists (select from ${tuningIntegrations} where ${and(
    eq(tuningIntegrations.organizationId, ctx.organizationId),
    eq(tuningIntegrations.jobId, tuningJobs.id),
    where,
  )})`;

const matching = (ctx: Context, filter: JobFilter): SQL | undefined =>
  and(
    here(ctx),
    filter.model === undefined ? undefined : eq(tuningJobs.requestedModel, filter.model),
    filter.status && eq(tuningJobs.status, filter.status),
    filter.suffix === undefined ? undefined : eq(tuningJobs.suffix, filter.suffix),
    filter.created_after === undefined ? undefined : gt(tuningJobs.createdAt, new Date(filter.created_after)),
    filter.created_before === undefined ? undefined : lt(tuningJobs.createdAt, new Date(filter.created_before)),
    filter.created_by_me === "true" ? eq(tuningJobs.createdBy, memberBehind(ctx.actor)) : undefined,
    filter.wandb_project === undefined
      ? undefined
      : reporting(ctx, eq(tuningIntegrations.project, filter.wandb_project)),
    filter.wandb_name === undefined ? undefined : reporting(ctx, eq(tuningIntegrations.name, filter.wandb_name)),
  );

/** The jobs of this workspace, newest first, and how many there are. */
export async function jobsOf(
  ctx: Context,
  filter: JobFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ jobs: JobView[]; total: number }> {
  authorize(ctx.actor, "fine-tuning.read");
  const wanted = matching(ctx, filter);
  const rows = await ctx.db
    .select()
    .from(tuningJobs)
    .where(wanted)
    .orderBy(desc(tuningJobs.id))
    .offset(offset)
    .limit(limit);
  return { jobs: await withIntegrations(ctx, rows), total: await ctx.db.$count(tuningJobs, wanted) };
}

async function withIntegrations(ctx: Context, rows: (typeof tuningJobs.$inferSelect)[]): Promise<JobView[]> {
  const ids = rows.map(({ id }) => id);
  const found =
    ids.length === 0
      ? []
      : await ctx.db
          .select()
          .from(tuningIntegrations)
          .where(and(eq(tuningIntegrations.organizationId, ctx.organizationId), inArray(tuningIntegrations.jobId, ids)))
          .orderBy(tuningIntegrations.position);
  const shown = (jobId: string): IntegrationView[] =>
    found
      .filter((one) => one.jobId === jobId)
      .map(({ type, project, name, runName, connectionId: connection, url }) => ({
        ...{ type, project, name, runName, connection, url },
      }));
  return rows.map(({ key: _key, fingerprint: _print, lesseeId: _lessee, ...job }) => ({
    ...job,
    integrations: shown(job.id),
  }));
}

/** A job of this workspace by its id, in either spelling, with its history. */
export async function jobOf(ctx: Context, named: string): Promise<JobDetail> {
  authorize(ctx.actor, "fine-tuning.read");
  const id = idOfUuid("tuningJob", named);
  const rows = id
    ? await ctx.db
        .select()
        .from(tuningJobs)
        .where(and(here(ctx), eq(tuningJobs.id, id)))
    : [];
  const [job] = await withIntegrations(ctx, rows);
  if (!job)
    throw new AppError("not_found", "There is no such fine-tuning job in this workspace.", { code: "job_not_found" });
  const { organizationId } = ctx;
  const [events, checkpoints] = await Promise.all([
    ctx.db
      .select({ name: tuningEvents.name, data: tuningEvents.data, at: tuningEvents.at })
      .from(tuningEvents)
      .where(and(eq(tuningEvents.organizationId, organizationId), eq(tuningEvents.jobId, job.id)))
      .orderBy(desc(tuningEvents.sequence))
      .limit(1000),
    ctx.db
      .select({
        step: tuningCheckpoints.step,
        trainLoss: tuningCheckpoints.trainLoss,
        validLoss: tuningCheckpoints.validLoss,
        accuracy: tuningCheckpoints.accuracy,
        at: tuningCheckpoints.at,
        isElsewhere: sql<boolean>`${tuningCheckpoints.upstreamName} is not null`,
      })
      .from(tuningCheckpoints)
      .where(and(eq(tuningCheckpoints.organizationId, organizationId), eq(tuningCheckpoints.jobId, job.id)))
      .orderBy(desc(tuningCheckpoints.step))
      .limit(1000),
  ]);
  return { ...job, events, checkpoints };
}

/** How long a job takes, and when it may begin while it waits; nothing of that before its data was looked through. */
export async function forecastOf(
  ctx: Context,
  job: JobView,
): Promise<{ seconds: number; startsAt: Date | null } | null> {
  authorize(ctx.actor, "fine-tuning.read");
  if (!job.extent) return null;
  const { model, trainerKind, extent } = job;
  const seconds = await durationOf(ctx, { model, trainerKind, tokens: extent.trainTokens });
  const waits = !isEnded(job.status) && job.runningAt === null;
  return {
    seconds,
    startsAt: waits ? await startOf(ctx, trainerKind, job.status === "STARTED" ? job : undefined) : job.runningAt,
  };
}
