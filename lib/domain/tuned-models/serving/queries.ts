import { and, eq, isNotNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { tunedModelServers, tunedModels } from "#db/schema/tuned-models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { serverName } from "#lib/domain/tuned-models/deploying/view.ts";

/** Where a tuned model belongs, for the operator who only has its id. */
export async function tunedModelPlace(
  ctx: AccountContext,
  id: string,
): Promise<{ organizationId: Id<"organization">; workspaceId: Id<"workspace"> }> {
  authorize(ctx.actor, "system.operate");
  const [row] = await ctx.db
    .select({ organizationId: tunedModels.organizationId, workspaceId: tunedModels.workspaceId })
    .from(tunedModels)
    .where(eq(tunedModels.id, id));
  if (!row) throw new AppError("not_found", `There is no tuned model ${id}.`);
  return row;
}

export type UnservedModel = { id: string; model: string; createdAt: Date; problems: string[] };

/** What no server serves yet, the longest waiting first, and what servers that were told to load it said. */
export async function unservedModels(ctx: AccountContext): Promise<UnservedModel[]> {
  authorize(ctx.actor, "system.operate");
  const rows = await ctx.db
    .select({
      id: tunedModels.id,
      model: tunedModels.model,
      createdAt: tunedModels.createdAt,
      upstream: tunedModelServers.upstream,
      replica: tunedModelServers.replica,
      problem: tunedModelServers.problem,
    })
    .from(tunedModels)
    .leftJoin(
      tunedModelServers,
      and(
        eq(tunedModelServers.organizationId, tunedModels.organizationId),
        eq(tunedModelServers.modelId, tunedModels.id),
        isNotNull(tunedModelServers.problem),
      ),
    )
    .where(eq(tunedModels.state, "not_served"))
    .orderBy(tunedModels.createdAt, tunedModels.id, tunedModelServers.upstream, tunedModelServers.replica);
  const found = new Map<string, UnservedModel>();
  for (const { id, model, createdAt, upstream, replica, problem } of rows) {
    const one = found.get(id) ?? { id, model, createdAt, problems: [] };
    if (upstream && replica) one.problems.push(`${serverName({ upstream, replica })}: ${problem}`);
    found.set(id, one);
  }
  return [...found.values()];
}
