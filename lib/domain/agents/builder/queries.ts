import { and, eq, inArray } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { isPublished, sealedAgent } from "#lib/domain/agents/queries.ts";
import { publishedFirst } from "#lib/domain/agents/sealing/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";

/** Which model answers for each of these agents: of what is published, or of the draft where nothing is. */
export async function modelNames(ctx: Context, views: readonly AgentView[]): Promise<Map<Id<"agent">, string>> {
  authorize(ctx.actor, "agents.read");
  if (views.length === 0) return new Map();
  const ids = views.map(({ id }) => id);
  const rows = await ctx.db
    .select(sealedAgent)
    .from(agents)
    .leftJoin(agentVersions, isPublished)
    .where(and(eq(agents.organizationId, ctx.organizationId), inArray(agents.id, ids)));
  const named = rows.map(async (row) => [row.id, (await publishedFirst(row))?.model ?? ""] as const);
  return new Map(await Promise.all(named));
}
