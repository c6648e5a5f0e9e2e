import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";

const sum = (column: typeof usageSums.costPico | typeof usageSums.promptTokens) => sql<string>`sum(${column})`;

const shown = {
  day: usageSums.start,
  model: usageSums.value,
  promptTokens: sum(usageSums.promptTokens).mapWith(Number),
  cachedTokens: sum(usageSums.cachedTokens).mapWith(Number),
  completionTokens: sum(usageSums.completionTokens).mapWith(Number),
  costPico: sum(usageSums.costPico).mapWith(BigInt),
};

type Asked = { from: Date; to: Date; workspaceId?: Id<"workspace"> | undefined };

/** The days of every model in a stretch of time, of the whole organization or one workspace, from the sums. */
export async function modelDays(ctx: OrganizationContext, { from, to, workspaceId }: Asked) {
  authorize(ctx.actor, "usage.read-organization");
  return ctx.db
    .select(shown)
    .from(usageSums)
    .where(
      and(
        eq(usageSums.organizationId, ctx.organizationId),
        eq(usageSums.dimension, "model"),
        eq(usageSums.grain, "day"),
        gte(usageSums.start, from),
        lt(usageSums.start, to),
        workspaceId && eq(usageSums.workspaceId, workspaceId),
      ),
    )
    .groupBy(usageSums.start, usageSums.value)
    .orderBy(asc(usageSums.start), asc(usageSums.value));
}
export type ModelDay = Awaited<ReturnType<typeof modelDays>>[number];
