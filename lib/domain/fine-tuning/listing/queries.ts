import { and, desc, eq, ilike, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { models } from "#db/schema/models.ts";
import { tuningJobs, tuningPoints } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { JobPlace } from "./input.ts";
import { jobOrder, stateGroups } from "./rules.ts";

const makers = alias(users, "makers");
const shown = {
  id: tuningJobs.id,
  model: tuningJobs.requestedModel,
  suffix: tuningJobs.suffix,
  status: tuningJobs.status,
  steps: sql<number | null>`(${tuningJobs.extent} ->> 'steps')::int`,
  trainedSteps: tuningJobs.trainedSteps,
  chargedPico: tuningJobs.chargedPico,
  createdBy: tuningJobs.createdBy,
  makerName: makers.name,
  createdAt: tuningJobs.createdAt,
};
export type JobRow = {
  id: Id<"tuningJob">;
  model: string;
  suffix: string | null;
  status: (typeof tuningJobs.$inferSelect)["status"];
  steps: number | null;
  trainedSteps: number;
  chargedPico: bigint;
  createdBy: Id<"user">;
  makerName: string;
  createdAt: Date;
};

// Ids are made with their jobs, so they sort by birth.
const byColumn = {
  created: { by: sql`${tuningJobs.id}` },
  cost: { by: sql`${tuningJobs.chargedPico}`, isNumber: true },
};

function matching(ctx: Context, { q, state, maker }: JobPlace): SQL | undefined {
  const part = q && containing(q);
  return and(
    eq(tuningJobs.organizationId, ctx.organizationId),
    eq(tuningJobs.workspaceId, ctx.workspaceId),
    part
      ? or(
          ilike(tuningJobs.requestedModel, part),
          ilike(tuningJobs.suffix, part),
          ilike(tuningJobs.tunedModelId, part),
          eq(sql`${tuningJobs.id}`, q),
        )
      : undefined,
    state && inArray(tuningJobs.status, [...stateGroups[state].states]),
    maker === "me" ? eq(tuningJobs.createdBy, ctx.actor.id as Id<"user">) : undefined,
  );
}

/** A page of the fine-tuning jobs of this workspace. */
export async function jobPage(ctx: Context, asked: JobPlace): Promise<ListPage<JobRow>> {
  authorize(ctx.actor, "fine-tuning.read");
  const matches = matching(ctx, asked);
  return keysetPage(
    asked,
    { keys: byColumn, first: jobOrder, id: tuningJobs.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...shown, place })
          .from(tuningJobs)
          .innerJoin(makers, eq(makers.id, tuningJobs.createdBy))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(tuningJobs).where(matches),
    },
  );
}

const sparkParts = 24;

/** How the loss of each of these jobs went, in a few numbers; of one that measured nothing there are none. */
export async function lossSparks(ctx: Context, ids: readonly Id<"tuningJob">[]): Promise<Map<string, number[]>> {
  authorize(ctx.actor, "fine-tuning.read");
  if (ids.length === 0) return new Map();
  const { organizationId, jobId, step, trainLoss, validLoss } = tuningPoints;
  const parts = ctx.db
    .select({
      jobId,
      loss: sql<number>`coalesce(${trainLoss}, ${validLoss})`.as("loss"),
      part: sql<number>`ntile(${sql.raw(String(sparkParts))}) over (partition by ${jobId} order by ${step})`.as("part"),
    })
    .from(tuningPoints)
    .innerJoin(tuningJobs, and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)))
    .where(
      and(
        eq(organizationId, ctx.organizationId),
        eq(tuningJobs.workspaceId, ctx.workspaceId),
        inArray(jobId, [...ids]),
        or(isNotNull(trainLoss), isNotNull(validLoss)),
      ),
    )
    .as("parts");
  const rows = await ctx.db
    .select({ jobId: parts.jobId, loss: sql<number>`avg(${parts.loss})`.mapWith(Number) })
    .from(parts)
    .groupBy(parts.jobId, parts.part)
    .orderBy(parts.jobId, parts.part);
  const sparks = new Map<string, number[]>();
  for (const row of rows) sparks.set(row.jobId, [...(sparks.get(row.jobId) ?? []), row.loss]);
  return sparks;
}

export type TunableModel = { id: string; name: string; description: string };

/** The base models that can be tuned, and those that cannot. */
export async function tuningModels(ctx: Context): Promise<{ tunable: TunableModel[]; others: string[] }> {
  authorize(ctx.actor, "fine-tuning.read");
  const rows = await ctx.db
    .select({
      id: models.id,
      name: models.name,
      description: models.description,
      capabilities: models.capabilities,
      isPriced: sql<boolean>`(select training_micros from prices where model_id = ${models.id}
        and valid_from <= ${ctx.now.toISOString()}::timestamptz order by valid_from desc limit 1) is not null`,
    })
    .from(models)
    .where(eq(models.available, true))
    .orderBy(desc(sql`${models.id} like 'tiny%'`), models.id);
  const isTunable = (row: (typeof rows)[number]) => row.capabilities.fine_tuning && row.isPriced;
  return {
    tunable: rows.filter(isTunable).map(({ id, name, description }) => ({ id, name, description })),
    others: rows.filter((row) => !isTunable(row)).map(({ id }) => id),
  };
}
