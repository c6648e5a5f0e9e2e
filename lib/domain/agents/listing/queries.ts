import { and, eq, ilike, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agents } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { AgentFilter } from "#lib/domain/agents/builder/input.ts";
import { agentOrder } from "#lib/domain/agents/builder/rules.ts";
import { agentsOf, here, standingOf, visibleTo } from "#lib/domain/agents/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";

const byColumn = { name: nameKey(agents.name), owner: nameKey(users.name), updated: instantKey(agents.updatedAt) };

const states = {
  draft: sql`${agents.version} is null`,
  published: sql`${agents.version} is not null`,
} as const;

function matching(ctx: Context, { q, state, owner }: AgentFilter): SQL | undefined {
  const part = q && containing(q.replace(/^@/, ""));
  return and(
    part ? or(ilike(agents.name, part), ilike(agents.handle, part), ilike(users.name, part)) : undefined,
    state && states[state],
    owner === "me" ? eq(agents.ownerId, ctx.actor.id as Id<"user">) : undefined,
  );
}

/** A page of the agents the reader can see (T-4.3-SHARE3: what is not shared is not there). */
export async function agentPage(ctx: Context, asked: AgentFilter): Promise<ListPage<AgentView>> {
  authorize(ctx.actor, "agents.read");
  const standing = await standingOf(ctx);
  const matches = and(here(ctx), visibleTo(standing), matching(ctx, asked));
  const page = await keysetPage(
    asked,
    { keys: byColumn, first: agentOrder, id: agents.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ id: agents.id, place })
          .from(agents)
          .innerJoin(users, eq(users.id, agents.ownerId))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(agents).innerJoin(users, eq(users.id, agents.ownerId)).where(matches),
    },
  );
  const ids = page.rows.map(({ id }) => id);
  const views = new Map((await agentsOf(ctx, { ids }, standing)).map((agent) => [agent.id, agent]));
  return { ...page, rows: ids.flatMap((id) => views.get(id) ?? []) };
}
