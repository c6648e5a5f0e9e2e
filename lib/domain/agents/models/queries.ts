import { and, asc, eq, type SQL } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { here, isPublished, sealedAgent } from "#lib/domain/agents/queries.ts";
import { draftFirst, publishedFirst } from "#lib/domain/agents/sealing/queries.ts";

type Asking = { id: Id<"agent">; name: string; workspaceId: Id<"workspace">; ownerName: string; names: string[] };

/** The agents of this workspace whose draft or published version asks a model. */
export async function agentsAsking(ctx: Context, model: string): Promise<{ id: Id<"agent">; name: string }[]> {
  authorize(ctx.actor, "tuned-models.write");
  const found = await askingOne(ctx, new Set([model]), here(ctx));
  return found.map(({ id, name }) => ({ id, name }));
}

/** The agents of an organization that ask one of these models, and by which names; of one workspace, those that `may` has. */
export async function agentsNaming(
  ctx: OrganizationContext,
  models: ReadonlySet<string>,
  inside?: { workspaceId: Id<"workspace">; may: ReadonlySet<string> },
): Promise<Asking[]> {
  authorize(ctx.actor, inside ? "usage.read" : "usage.read-organization");
  const place = inside && eq(agents.workspaceId, inside.workspaceId);
  const found = await askingOne(ctx, models, and(eq(agents.organizationId, ctx.organizationId), place));
  return found.filter(({ id }) => !inside || inside.may.has(id));
}

/** What they say is sealed, so each is opened. */
async function askingOne(
  ctx: OrganizationContext,
  models: ReadonlySet<string>,
  where: SQL | undefined,
): Promise<Asking[]> {
  const rows = await ctx.db
    .select({ ...sealedAgent, name: agents.name, workspaceId: agents.workspaceId, ownerName: users.name })
    .from(agents)
    .innerJoin(users, eq(users.id, agents.ownerId))
    .leftJoin(agentVersions, isPublished)
    .where(where)
    .orderBy(asc(agents.name), asc(agents.id));
  const asking = await Promise.all(
    rows.map(async ({ id, name, workspaceId, ownerName, ...row }) => {
      const said = await Promise.all([draftFirst({ id, ...row }), publishedFirst({ id, ...row })]);
      const names = new Set(said.flatMap((content) => (content && models.has(content.model) ? [content.model] : [])));
      return { id, name, workspaceId, ownerName, names: [...names] };
    }),
  );
  return asking.filter(({ names }) => names.length > 0);
}
