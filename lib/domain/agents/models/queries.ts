import { asc } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { here, isPublished, sealedAgent } from "#lib/domain/agents/queries.ts";
import { draftFirst, publishedFirst } from "#lib/domain/agents/sealing/queries.ts";

/** The agents of this workspace whose draft or published version asks a model. What they say is sealed, so each is opened. */
export async function agentsAsking(ctx: Context, model: string): Promise<{ id: Id<"agent">; name: string }[]> {
  authorize(ctx.actor, "tuned-models.write");
  const rows = await ctx.db
    .select({ ...sealedAgent, name: agents.name })
    .from(agents)
    .leftJoin(agentVersions, isPublished)
    .where(here(ctx))
    .orderBy(asc(agents.name), asc(agents.id));
  const asking = await Promise.all(
    rows.map(async (row) => {
      const said = await Promise.all([draftFirst(row), publishedFirst(row)]);
      return said.some((content) => content?.model === model);
    }),
  );
  return rows.filter((_, index) => asking[index]).map(({ id, name }) => ({ id, name }));
}
