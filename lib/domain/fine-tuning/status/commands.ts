import { and, eq, inArray, sql } from "drizzle-orm";
import { tuningEvents, tuningJobs } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, type Context, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { type Job, type JobRef, type Transition, transitions } from "#lib/domain/fine-tuning/rules.ts";

const its = ({ organizationId, id }: JobRef) =>
  and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, id));

/** A job that nothing else changes until the transaction ends. */
export const lockJob = part(async (ctx: AccountContext, ref: JobRef): Promise<Job> => {
  const [job] = await ctx.db.select().from(tuningJobs).where(its(ref)).for("update");
  if (!job) throw new AppError("not_found", "There is no such fine-tuning job.", { code: "job_not_found" });
  return job;
});

/** The place of a job, for what is told and kept of it. */
export const placeOf = part(
  (ctx: AccountContext, { organizationId, workspaceId }: Pick<Job, "organizationId" | "workspaceId">): Context =>
    inWorkspace(inOrganization(ctx, organizationId), workspaceId),
);

/** Writes down what became of a job, after all that was written before. */
export const noteEvent = part(
  async (ctx: AccountContext, ref: JobRef, name: string, data: Record<string, unknown>): Promise<void> => {
    const { organizationId, id: jobId } = ref;
    await ctx.db.select({ id: tuningJobs.id }).from(tuningJobs).where(its(ref)).for("update");
    const sequence = sql<number>`(select coalesce(max(sequence), 0) + 1 from tuning_events
      where organization_id = ${organizationId} and job_id = ${jobId})`;
    await ctx.db.insert(tuningEvents).values({ organizationId, jobId, sequence, name, data, at: ctx.now });
  },
);

type Change = Partial<
  Pick<
    Job,
    | "lesseeId"
    | "heldMonth"
    | "trainingMicros"
    | "minimumPico"
    | "quotePico"
    | "extent"
    | "failure"
    | "warnings"
    | "waitsFor"
    | "tunedModelId"
    | "trainedSteps"
    | "trainedTokens"
    | "creditDuePico"
    | "startedAt"
    | "runningAt"
    | "endedAt"
  >
>;

/** The one place that writes a job's status: in one statement, from the states the table of transitions has. */
export const transit = part(
  async (ctx: AccountContext, ref: JobRef, transition: Transition, change: Change = {}): Promise<Job> => {
    const { from, to } = transitions[transition];
    const [job] = await ctx.db
      .update(tuningJobs)
      .set({ ...change, status: to, modifiedAt: ctx.now })
      .where(and(its(ref), inArray(tuningJobs.status, [...from])))
      .returning();
    if (!job)
      throw new AppError("conflict", "The job is in another state by now. Look at it again.", { code: "job_state" });
    await noteEvent(ctx, ref, "status-updated", { status: to });
    return job;
  },
);

/** Has the process that trains a job look at its orders at once. */
export const tellTrainer = part(async (ctx: AccountContext, { id }: JobRef): Promise<void> => {
  await ctx.db.execute(sql`select pg_notify('gate', ${`tuning:${id}`})`);
});
