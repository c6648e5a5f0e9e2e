import { and, inArray } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import {
  agentOf,
  agentsOf,
  draftOf,
  here,
  isPublished,
  sealedAgent,
  standingOfPerson,
} from "#lib/domain/agents/queries.ts";
import { may } from "#lib/domain/agents/rules.ts";
import { publishedFirst } from "#lib/domain/agents/sealing/queries.ts";
import { versionOf } from "#lib/domain/agents/versions/queries.ts";
import { type AskedAgent, type Partner, partnerOf, type Target } from "./rules.ts";

/** The agent that is asked, as the version that is asked for; `draft` for its builders. */
export async function askedAgent(ctx: Context, id: string, version: number | string | null = null): Promise<Partner> {
  authorize(ctx.actor, "agents.use");
  if (version === "draft") {
    const agent = await agentOf(ctx, id, "edit");
    return partnerOf({ ...named(agent), version: null }, await draftOf(ctx, id));
  }
  const agent = await agentOf(ctx, id, "use");
  const found = await versionOf(ctx, agent, version);
  return partnerOf({ ...named(agent), version: found.version }, found.content);
}

const named = ({ id, name, ownerId }: Omit<AskedAgent, "version">) => ({ id, name, ownerId });

/** The agents that the person who asks may call by an `@`, by their handles. */
export async function callableAgents(ctx: Context): Promise<Map<string, Id<"agent">>> {
  authorize(ctx.actor, "agents.use");
  const usable = await agentsOf(ctx, { usable: true });
  return new Map(usable.filter(({ rights }) => rights.has("use")).map(({ handle, id }) => [handle, id]));
}

/**
 * To which one an agent can hand over now: those of its list that its owner may use. A person who may use the agent reaches them
 * through it, which the page that shares it says.
 */
export async function handoffTargets(ctx: Context, { agent, handoffs }: Partner): Promise<Target[]> {
  authorize(ctx.actor, "agents.use");
  if (!agent || !handoffs) return [];
  const owner = await standingOfPerson(ctx, agent.ownerId);
  const usable = (await agentsOf(ctx, { usable: true, ids: handoffs }, owner)).filter((found) =>
    may(owner, "use", found),
  );
  const published = await ctx.db
    .select(sealedAgent)
    .from(agents)
    .innerJoin(agentVersions, isPublished)
    .where(and(here(ctx), inArray(agents.id, handoffs)));
  const told = published.map(async (row) => [row.id, (await publishedFirst(row))?.description ?? null] as const);
  const descriptions = new Map(await Promise.all(told));
  return usable.map(({ id, name, handle }) => ({ id, name, handle, description: descriptions.get(id) ?? null }));
}

/** The published version of an agent a conversation is handed to, under the rights of the person who owns the one before. */
export async function handedOver(ctx: Context, { id }: Target): Promise<Partner | null> {
  authorize(ctx.actor, "agents.use");
  const [row] = await ctx.db
    .select({ ...sealedAgent, name: agents.name, ownerId: agents.ownerId })
    .from(agents)
    .innerJoin(agentVersions, isPublished)
    .where(here(ctx, id));
  const content = row && (await publishedFirst(row));
  return content ? partnerOf({ ...named(row), version: row.version }, content) : null;
}
