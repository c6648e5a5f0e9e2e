import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agentAliases, agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { agentSealer, type KeyedAgent } from "#lib/domain/agents/sealing/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import type { AgentAlias, AgentVersion } from "./view.ts";

const of = (agent: AgentView) =>
  and(eq(agentVersions.organizationId, agent.organizationId), eq(agentVersions.agentId, agent.id));

const isOf = and(eq(agents.organizationId, agentVersions.organizationId), eq(agents.id, agentVersions.agentId));
const keyed = { id: agents.id, key: agents.key };

const select = (ctx: Context) =>
  ctx.db
    .select({
      agent: keyed,
      version: agentVersions.version,
      content: agentVersions.content,
      message: agentVersions.message,
      createdBy: agentVersions.createdBy,
      createdByName: users.name,
      createdAt: agentVersions.createdAt,
      attestedAt: agentVersions.attestedAt,
    })
    .from(agentVersions)
    .innerJoin(users, eq(users.id, agentVersions.createdBy))
    .innerJoin(agents, isOf)
    .$dynamic();

type Row = Omit<AgentVersion, "content"> & { content: Sealed | null; agent: KeyedAgent };

async function opened({ agent, content, ...row }: Row): Promise<AgentVersion> {
  if (!content) throw new Fault("A version is not sealed.");
  return { ...row, content: (await agentSealer(agent)).openVersion(row.version, content) };
}

/** What an agent was at each publishing, the newest first. */
export async function versionsOf(
  ctx: Context,
  id: string,
  { offset = 0, limit = 100 }: { offset?: number; limit?: number } = {},
): Promise<AgentVersion[]> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id);
  const rows = await select(ctx).where(of(agent)).orderBy(desc(agentVersions.version)).offset(offset).limit(limit);
  return Promise.all(rows.map(opened));
}

/** The numbers of all versions, from the first. */
export async function versionNumbers(ctx: Context, agent: AgentView): Promise<number[]> {
  authorize(ctx.actor, "agents.read");
  const rows = await ctx.db
    .select({ version: agentVersions.version })
    .from(agentVersions)
    .where(of(agent))
    .orderBy(asc(agentVersions.version));
  return rows.map(({ version }) => version);
}

export type Published = Pick<AgentVersion, "version" | "content" | "message"> & { versions: number[] };

/** What of many agents answers, and the numbers of all their versions. */
export async function publishedOf(ctx: Context, views: readonly AgentView[]): Promise<Map<Id<"agent">, Published>> {
  authorize(ctx.actor, "agents.read");
  const ids = views.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const all = sql<number[]>`(select array_agg(every.version order by every.version) from ${agentVersions} as every
    where every.organization_id = ${agentVersions.organizationId} and every.agent_id = ${agentVersions.agentId})`;
  const { organizationId, agentId, version, content, message } = agentVersions;
  const rows = await ctx.db
    .select({ agent: keyed, version, content, message, versions: all })
    .from(agentVersions)
    .innerJoin(agents, and(isOf, eq(agents.version, version)))
    .where(and(eq(organizationId, ctx.organizationId), inArray(agentId, ids)));
  const found = rows.map(async ({ agent, content, ...published }) => {
    if (!content) throw new Fault("A version is not sealed.");
    const said = (await agentSealer(agent)).openVersion(published.version, content);
    return [agent.id, { ...published, content: said }] as const;
  });
  return new Map(await Promise.all(found));
}

/** One version: by its number, by an alias, or, asked for nothing, the published one. */
export async function versionOf(
  ctx: Context,
  agent: AgentView,
  asked: number | string | null = null,
): Promise<AgentVersion> {
  authorize(ctx.actor, "agents.read");
  const number = asked === null ? agent.version : await numberOf(ctx, agent, asked);
  if (number === null) throw new AppError("not_found", `${agent.name} has not been published yet.`);
  const [found] = await select(ctx).where(and(of(agent), eq(agentVersions.version, number)));
  if (!found) throw noVersion(agent, asked ?? number);
  return opened(found);
}

async function numberOf(ctx: Context, agent: AgentView, asked: number | string): Promise<number> {
  if (typeof asked === "number") return asked;
  if (/^\d{1,9}$/.test(asked)) return Number(asked);
  const [found] = await ctx.db
    .select({ version: agentAliases.version })
    .from(agentAliases)
    .where(
      and(
        eq(agentAliases.organizationId, agent.organizationId),
        eq(agentAliases.agentId, agent.id),
        eq(agentAliases.alias, asked),
      ),
    );
  if (!found) throw noVersion(agent, asked);
  return found.version;
}

export const noVersion = (agent: AgentView, asked: number | string): AppError =>
  new AppError("not_found", `${agent.name} has no version or alias "${asked}".`, { code: "agent_version_not_found" });

/** The names given to versions, in alphabetical order. */
export async function aliasesOf(ctx: Context, id: string): Promise<AgentAlias[]> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id);
  return ctx.db
    .select({
      alias: agentAliases.alias,
      version: agentAliases.version,
      createdAt: agentAliases.createdAt,
      updatedAt: agentAliases.updatedAt,
    })
    .from(agentAliases)
    .where(and(eq(agentAliases.organizationId, agent.organizationId), eq(agentAliases.agentId, agent.id)))
    .orderBy(asc(agentAliases.alias));
}
