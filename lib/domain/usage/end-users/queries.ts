import { and, eq, ilike, inArray, or, sql } from "drizzle-orm";
import { usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { endUserCode } from "#lib/domain/end-users/rules.ts";
import { matching } from "#lib/domain/usage/explorer/queries.ts";
import { none } from "#lib/domain/usage/explorer/rules.ts";
import type { UsageTotal } from "#lib/domain/usage/explorer/view.ts";
import type { EndUserFilter } from "#lib/domain/usage/input.ts";
import { endUserOrder, periodOf, previousOf, type Question } from "#lib/domain/usage/rules.ts";

/** A page of the end users of a question's period, each with what they used in it and in the one before. */
export async function endUserPage(
  ctx: Context,
  question: Question,
  asked: EndUserFilter,
): Promise<ListPage<UsageTotal>> {
  authorize(ctx.actor, question.everywhere ? "usage.read-organization" : "usage.read");
  const where = { organizationId: ctx.organizationId, workspaceId: question.everywhere ? null : ctx.workspaceId };
  const now = { ...question, period: periodOf(question.range) };
  const grouped = sumsBy(
    ctx,
    and(
      matching(where, now),
      asked.q
        ? or(ilike(usageSums.value, containing(asked.q)), eq(usageSums.value, endUserCode(ctx.organizationId, asked.q)))
        : undefined,
    ),
  );
  const number = (by: typeof grouped.requests | typeof grouped.costPico) => ({ by: sql`${by}`, isNumber: true });
  const byColumn = {
    name: nameKey(grouped.id),
    requests: number(grouped.requests),
    failed: number(grouped.failed),
    prompt: number(grouped.promptTokens),
    cached: number(grouped.cachedTokens),
    completion: number(grouped.completionTokens),
    tokens: { by: sql`${grouped.promptTokens} + ${grouped.completionTokens}`, isNumber: true },
    cost: number(grouped.costPico),
  };
  const page = await keysetPage(
    asked,
    { keys: byColumn, first: endUserOrder[question.measure], id: grouped.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...figuresOf(grouped), place })
          .from(grouped)
          .where(where)
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(grouped),
    },
  );
  const ids = page.rows.map(({ id }) => id);
  const past = matching(where, { ...question, period: periodOf(previousOf(question.range)) });
  const before = ids.length > 0 ? sumsBy(ctx, and(past, inArray(usageSums.value, ids))) : undefined;
  const rows = before ? await ctx.db.select(figuresOf(before)).from(before) : [];
  const known = new Map(rows.map(({ id, ...figures }) => [id, figures]));
  return {
    ...page,
    rows: page.rows.map(({ id, place: _place, ...figures }) => ({
      id,
      name: id,
      now: figures,
      before: known.get(id) ?? none,
    })),
  };
}

const sumsBy = (ctx: Context, where: ReturnType<typeof and>) =>
  ctx.db
    .select({
      id: sql<string>`${usageSums.value}`.as("id"),
      requests: sql<string>`sum(${usageSums.requests})`.as("requests"),
      failed: sql<string>`sum(${usageSums.failed})`.as("failed"),
      promptTokens: sql<string>`sum(${usageSums.promptTokens})`.as("prompt_tokens"),
      cachedTokens: sql<string>`sum(${usageSums.cachedTokens})`.as("cached_tokens"),
      completionTokens: sql<string>`sum(${usageSums.completionTokens})`.as("completion_tokens"),
      costPico: sql<string>`sum(${usageSums.costPico})`.as("cost_pico"),
    })
    .from(usageSums)
    .where(where)
    .groupBy(usageSums.value)
    .as("grouped");

type Sums = ReturnType<typeof sumsBy>;

const figuresOf = (sums: Sums) => ({
  id: sql<string>`${sums.id}`,
  requests: sql<number>`${sums.requests}`.mapWith(Number),
  failed: sql<number>`${sums.failed}`.mapWith(Number),
  promptTokens: sql<number>`${sums.promptTokens}`.mapWith(Number),
  cachedTokens: sql<number>`${sums.cachedTokens}`.mapWith(Number),
  completionTokens: sql<number>`${sums.completionTokens}`.mapWith(Number),
  costPico: sql<bigint>`${sums.costPico}`.mapWith(BigInt),
});
