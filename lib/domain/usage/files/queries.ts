import { and, asc, eq, or, type SQL, sql } from "drizzle-orm";
import { keys } from "#db/schema/keys.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { matching } from "#lib/domain/usage/explorer/queries.ts";
import { sumFigures } from "#lib/domain/usage/queries.ts";
import { type Figures, periodOf, type Question } from "#lib/domain/usage/rules.ts";

const batchSize = 2000;

/** A sum as it is kept: of one hour or day, one workspace and one model, key or end user. */
export type UsageLine = Figures & {
  start: Date;
  workspaceId: string;
  workspace: string;
  /** Empty for the sum of a workspace, and for requests that named no end user. */
  id: string;
  name: string;
};

/**
 * All the sums a question is about, in batches, in the order of the table's key. Each batch is a question of its own, so a
 * reader who is slow or leaves keeps neither a connection nor a snapshot.
 */
export function usageLines(ctx: Context, question: Question): AsyncGenerator<UsageLine[]> {
  authorize(ctx.actor, question.everywhere ? "usage.read-organization" : "usage.read");
  return batches(ctx, question);
}

async function* batches(ctx: Context, question: Question): AsyncGenerator<UsageLine[]> {
  const of = await workspaceNames(ctx);
  const named = (rows: Unnamed[]): UsageLine[] =>
    rows.map((row) => ({ ...row, workspace: of.get(row.workspaceId) ?? "Deleted workspace" }));
  for (let after: Unnamed | undefined; ; ) {
    const rows = await (question.by === "workspace" ? sums : kept)(ctx, question, after);
    if (rows.length > 0) yield named(rows);
    if (rows.length < batchSize) break;
    after = rows.at(-1);
  }
  if (question.by === "end_user" && question.only === undefined) yield named(await unnamed(ctx, question));
}

type Unnamed = Omit<UsageLine, "workspace">;

const within = (ctx: Context, question: Question) =>
  matching(
    { organizationId: ctx.organizationId, workspaceId: question.everywhere ? null : ctx.workspaceId },
    { ...question, period: periodOf(question.range) },
  );

const reached = ({ start }: Unnamed): SQL => sql`${start.toISOString()}::timestamptz`;

/** Sums as they are kept, along the table's key. */
function kept(ctx: Context, question: Question, after: Unnamed | undefined): Promise<Unnamed[]> {
  const place = sql`(${usageSums.start}, ${usageSums.workspaceId}, ${usageSums.value})`;
  return ctx.db
    .select({
      start: usageSums.start,
      workspaceId: usageSums.workspaceId,
      id: usageSums.value,
      name: question.by === "key" ? sql<string>`coalesce(${keys.name}, 'Deleted key')` : usageSums.value,
      ...sumFigures,
    })
    .from(usageSums)
    .leftJoin(keys, and(eq(keys.organizationId, usageSums.organizationId), eq(keys.id, sql`${usageSums.value}`)))
    .where(and(within(ctx, question), after && sql`${place} > (${reached(after)}, ${after.workspaceId}, ${after.id})`))
    .orderBy(asc(usageSums.start), asc(usageSums.workspaceId), asc(usageSums.value))
    .limit(batchSize);
}

const total = (sum: SQL): SQL<number> => sql<number>`sum(${sum})`.mapWith(Number);

/** Figures with a sign for each row, added up. */
const added = (sign: SQL) => ({
  requests: total(sql`${sign} * ${usageSums.requests}`),
  failed: total(sql`${sign} * ${usageSums.failed}`),
  promptTokens: total(sql`${sign} * ${usageSums.promptTokens}`),
  cachedTokens: total(sql`${sign} * ${usageSums.cachedTokens}`),
  completionTokens: total(sql`${sign} * ${usageSums.completionTokens}`),
  costPico: sql<bigint>`sum(${sign} * ${usageSums.costPico})`.mapWith(BigInt),
});

const bare = { start: usageSums.start, workspaceId: usageSums.workspaceId, id: sql<string>`''`, name: sql<string>`''` };

function sums(ctx: Context, question: Question, after: Unnamed | undefined): Promise<Unnamed[]> {
  const place = sql`(${usageSums.start}, ${usageSums.workspaceId})`;
  return ctx.db
    .select({ ...bare, ...added(sql`1`) })
    .from(usageSums)
    .where(and(within(ctx, question), after && sql`${place} > (${reached(after)}, ${after.workspaceId})`))
    .groupBy(usageSums.start, usageSums.workspaceId)
    .orderBy(asc(usageSums.start), asc(usageSums.workspaceId))
    .limit(batchSize);
}

/** What the sums by end user lack of all: one line for each hour or day of a workspace at most. */
function unnamed(ctx: Context, question: Question): Promise<Unnamed[]> {
  return ctx.db
    .select({ ...bare, ...added(sql`case ${usageSums.dimension} when 'model' then 1 else -1 end`) })
    .from(usageSums)
    .where(or(within(ctx, question), within(ctx, { ...question, by: "model" })))
    .groupBy(usageSums.start, usageSums.workspaceId)
    .having(sql`${added(sql`case ${usageSums.dimension} when 'model' then 1 else -1 end`).requests} > 0`)
    .orderBy(asc(usageSums.start), asc(usageSums.workspaceId));
}

async function workspaceNames(ctx: Context): Promise<Map<string, string>> {
  const rows = await ctx.db
    .select({ id: workspaces.id, name: workspaces.name })
    .from(workspaces)
    .where(eq(workspaces.organizationId, ctx.organizationId));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
