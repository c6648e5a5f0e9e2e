import { and, arrayOverlaps, asc, desc, eq, gt, gte, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agents } from "#db/schema/agents.ts";
import { keys } from "#db/schema/keys.ts";
import { modelChanges, modelUses } from "#db/schema/models.ts";
import { rateOverrides } from "#db/schema/rates.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { agentsNaming } from "#lib/domain/agents/models/queries.ts";
import { agentsOf } from "#lib/domain/agents/queries.ts";
import { endingOf } from "#lib/domain/contract/models/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { filesOf } from "#lib/domain/files/queries.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import { tunedModelsOf } from "#lib/domain/tuned-models/queries.ts";
import { titleOf } from "#lib/domain/tuned-models/view.ts";
import { changeWords, usesDays } from "./rules.ts";
import type { Impact, ImpactRow } from "./view.ts";

type End = { modelId: string; replacement: string; names: string[] };
type Found = Omit<ImpactRow, "change">;

/** What the end of a model concerns in this workspace, as far as the reader sees it (T-4.2.1-DISC4). */
export async function impactHere(ctx: Context, model: string): Promise<Impact> {
  authorize(ctx.actor, "usage.read");
  const { end, ...about } = await aboutEnd(ctx, model);
  const seen = can(ctx.actor, "agents.read") ? await agentsOf(ctx) : [];
  const inside = { workspaceId: ctx.workspaceId, may: new Set<string>(seen.map(({ id }) => id)) };
  const [parts, naming, tuned] = await Promise.all([
    partsOf(ctx, end, ctx.workspaceId),
    agentsNaming(ctx, new Set(end.names), inside),
    tunedModelsOf(ctx, { states: ["active", "archived"] }),
  ]);
  const concerned = tuned.filter((one) => one.model === model);
  const files = can(ctx.actor, "files.read") ? await trainedOn(ctx, concerned) : new Map<string, string>();
  const own = concerned.map((one) => ({ ...one, name: titleOf(one), trainedOn: files.get(one.id) }));
  // An agent that is not shared with the reader has no name for them.
  const named = parts.map((row) =>
    row.kind === "agent" && !inside.may.has(row.id) ? { ...row, name: "An agent that is not shared with you" } : row,
  );
  return { ...about, rows: rowsOf(end, [...named, ...agentRows(naming, named), ...tunedRows(own)]) };
}

/** The same of the whole organization, for those who administer it. */
export async function impactOf(ctx: OrganizationContext, model: string): Promise<Impact> {
  authorize(ctx.actor, "usage.read-organization");
  const { end, ...about } = await aboutEnd(ctx, model);
  const [parts, naming, tuned] = await Promise.all([
    partsOf(ctx, end),
    agentsNaming(ctx, new Set(end.names)),
    ctx.db
      .select({
        id: tunedModels.id,
        name: sql<string>`coalesce(${tunedModels.name}, ${tunedModels.id})`,
        workspaceId: tunedModels.workspaceId,
        ownerName: users.name,
      })
      .from(tunedModels)
      .innerJoin(users, eq(users.id, tunedModels.ownerId))
      .where(and(eq(tunedModels.organizationId, ctx.organizationId), eq(tunedModels.model, model)))
      .orderBy(asc(tunedModels.id)),
  ]);
  return { ...about, rows: rowsOf(end, [...parts, ...agentRows(naming, parts), ...tunedRows(tuned)]) };
}

async function aboutEnd(ctx: OrganizationContext, model: string): Promise<Omit<Impact, "rows"> & { end: End }> {
  const [contract, { byName }] = await Promise.all([contractSources(ctx), loadCatalogue(ctx.db, ctx.now)]);
  const found = byName.get(model);
  const ending = found?.id === model ? endingOf(found, contract, ctx.now) : null;
  if (!found?.change || !ending) throw new AppError("not_found", "The end of this model is not announced.");
  const [counted] = await ctx.db
    .select({ at: modelChanges.usesRolledAt })
    .from(modelChanges)
    .where(eq(modelChanges.id, found.change.id));
  const { replacement, announcedAt, retiresAt } = ending;
  const end = { modelId: model, replacement, names: [model, ...found.aliases] };
  return { end, modelId: model, replacement, announcedAt, retiresAt, countedAt: counted?.at ?? null };
}

const rowsOf = (end: End, found: readonly Found[]): ImpactRow[] =>
  found.map((row) => ({ ...row, change: changeWords(row.kind, row.sentName, end) }));

type Named = { id: string; name: string; workspaceId: Id<"workspace">; ownerName: string };

/** Agents that name the model and were not asked lately: those that were are among the uses. */
const agentRows = (agents: readonly (Named & { names: string[] })[], used: readonly Found[]): Found[] =>
  agents.flatMap(({ id, name, workspaceId, ownerName: owner, names }) =>
    names
      .filter((sentName) => !used.some((row) => row.id === id && row.sentName === sentName))
      .map(
        (sentName) => ({ kind: "agent", id, name, workspaceId, sentName, requests: 0, lastAt: null, owner }) as const,
      ),
  );

/** The first file each was trained on, where the reader finds it in this workspace still. */
async function trainedOn(ctx: Context, models: readonly { id: string; jobId: Id<"tuningJob"> }[]) {
  if (models.length === 0) return new Map<string, string>();
  const jobs = await ctx.db
    .select({ id: tuningJobs.id, files: tuningJobs.trainingFiles })
    .from(tuningJobs)
    .where(
      and(
        eq(tuningJobs.organizationId, ctx.organizationId),
        inArray(
          tuningJobs.id,
          models.map(({ jobId }) => jobId),
        ),
      ),
    );
  const { files } = await filesOf(ctx, { purpose: "fine-tune", offset: 0, limit: filesMost });
  const there = new Set<string>(files.map(({ id }) => id));
  const first = new Map(jobs.map((job) => [job.id, job.files.find(({ file }) => there.has(file))?.file]));
  return new Map(
    models.flatMap(({ id, jobId }): [string, string][] => {
      const file = first.get(jobId);
      return file ? [[id, file]] : [];
    }),
  );
}

const filesMost = 500;

const tunedRows = (models: readonly (Named & { trainedOn?: string | undefined })[]): Found[] =>
  models.map(({ id, name, workspaceId, ownerName: owner, trainedOn }) => ({
    ...{ kind: "tuned-model", id, name, workspaceId, sentName: id, requests: 0, lastAt: null, owner, trainedOn },
  }));

async function partsOf(ctx: OrganizationContext, end: End, workspaceId?: Id<"workspace">): Promise<Found[]> {
  const parts = await Promise.all([
    usesOf(ctx, end, workspaceId),
    allowLists(ctx, end, workspaceId),
    limitsOf(ctx, end, workspaceId),
  ]);
  return parts.flat();
}

/** What asked it in the last 30 days: by agent where one did, else by key. */
async function usesOf(
  { db, organizationId, now }: OrganizationContext,
  { modelId }: End,
  workspaceId?: Id<"workspace">,
) {
  const owner = sql<string | null>`(select name from ${users} where id = coalesce(${agents.ownerId}, ${keys.ownerId}))`;
  const rows = await db
    .select({
      keyId: sql<string>`case when ${modelUses.agentId} = '' then ${modelUses.keyId} else '' end`.as("by_key"),
      agentId: modelUses.agentId,
      workspaceId: modelUses.workspaceId,
      sentName: modelUses.requestedModel,
      name: sql<string | null>`coalesce(max(${agents.name}), max(${keys.name}))`,
      owner: sql<string | null>`max(${owner})`,
      requests: sql<number>`sum(${modelUses.requests})::int`,
      lastMs: sql<number>`instant_ms(max(${modelUses.lastAt}))`,
    })
    .from(modelUses)
    .leftJoin(agents, and(eq(agents.organizationId, organizationId), sql`${agents.id} = ${modelUses.agentId}`))
    .leftJoin(keys, and(eq(keys.organizationId, organizationId), sql`${keys.id} = ${modelUses.keyId}`))
    .where(
      and(
        eq(modelUses.organizationId, organizationId),
        eq(modelUses.modelId, modelId),
        gt(modelUses.day, dayOf(addDays(now, -usesDays))),
        workspaceId && eq(modelUses.workspaceId, workspaceId),
      ),
    )
    .groupBy(sql`by_key`, modelUses.agentId, modelUses.workspaceId, modelUses.requestedModel)
    .orderBy(desc(sql`sum(${modelUses.requests})`), asc(modelUses.requestedModel));
  return rows.map(
    ({ keyId, agentId, lastMs, name, ...row }): Found => ({
      ...row,
      kind: agentId === "" ? "key" : "agent",
      id: agentId || keyId,
      name: name ?? (agentId === "" ? "A key that was deleted" : "An agent that was deleted"),
      lastAt: new Date(lastMs),
    }),
  );
}

async function allowLists(ctx: OrganizationContext, { names }: End, workspaceId?: Id<"workspace">): Promise<Found[]> {
  const isLive = and(isNull(keys.revokedAt), or(isNull(keys.expiresAt), gt(keys.expiresAt, ctx.now)));
  const rows = await ctx.db
    .select({ id: keys.id, name: keys.name, workspaceId: keys.workspaceId, models: keys.models, owner: users.name })
    .from(keys)
    .innerJoin(users, eq(users.id, keys.ownerId))
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        workspaceId && eq(keys.workspaceId, workspaceId),
        isLive,
        arrayOverlaps(keys.models, names),
      ),
    )
    .orderBy(asc(keys.name), asc(keys.id));
  return rows.flatMap(({ models, ...key }) =>
    names
      .filter((name) => models?.includes(name))
      .map((sentName) => ({ ...key, kind: "allow-list", sentName, requests: 0, lastAt: null }) as const),
  );
}

async function limitsOf(ctx: OrganizationContext, { modelId }: End, workspaceId?: Id<"workspace">): Promise<Found[]> {
  const isOfIt: SQL | undefined = workspaceId
    ? or(isNull(rateOverrides.workspaceId), eq(rateOverrides.workspaceId, workspaceId))
    : undefined;
  const rows = await ctx.db
    .select({ id: rateOverrides.id, workspaceId: rateOverrides.workspaceId, name: rateOverrides.reason })
    .from(rateOverrides)
    .where(
      and(
        eq(rateOverrides.organizationId, ctx.organizationId),
        eq(rateOverrides.model, modelId),
        isNull(rateOverrides.endedAt),
        or(isNull(rateOverrides.expiresAt), gte(rateOverrides.expiresAt, ctx.now)),
        isOfIt,
      ),
    )
    .orderBy(asc(rateOverrides.id));
  return rows.map((row) => ({ ...row, kind: "limit", sentName: modelId, requests: 0, lastAt: null, owner: null }));
}
