import { and, asc, eq, gt, ilike, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { type AgentContent, agentGrants, agentReceipts, agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { contains } from "#lib/core/containment.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing } from "#lib/core/list/like.ts";
import { callerStanding, personStanding } from "#lib/domain/sharing/queries.ts";
import type { Grant, Right, SharingStanding } from "#lib/domain/sharing/rules.ts";
import { type AgentFacts, agentKind, rightsOf } from "./rules.ts";
import { draftFirst, publishedFirst } from "./sealing/queries.ts";
import type { AgentView } from "./view.ts";

/** How the person who asks stands to the agents of the workspace: a person or a key of theirs, or a service key of its own. */
export async function standingOf(ctx: Context): Promise<SharingStanding> {
  authorize(ctx.actor, "agents.read");
  return callerStanding(ctx, agentKind);
}

/** How a person of the organization stands to the agents of the workspace; a person who is not in it may nothing. */
export async function standingOfPerson(ctx: Context, userId: Id<"user">): Promise<SharingStanding> {
  authorize(ctx.actor, "agents.read");
  return personStanding(ctx, agentKind, userId);
}

type Row = typeof agents.$inferSelect;
const grantsOfAgent = sql<Grant[]>`coalesce((select json_agg(json_build_object('subjectId', ${agentGrants.subjectId},
  'level', ${agentGrants.level}) order by ${agentGrants.subjectId}) from ${agentGrants}
  where ${agentGrants.organizationId} = ${agents.organizationId} and ${agentGrants.agentId} = ${agents.id}), '[]'::json)`;

const shown = {
  organizationId: agents.organizationId,
  id: agents.id,
  workspaceId: agents.workspaceId,
  ownerId: agents.ownerId,
  ownerName: users.name,
  name: agents.name,
  handle: agents.handle,
  color: agents.color,
  visibility: agents.visibility,
  source: agents.source,
  deploymentChat: agents.deploymentChat,
  version: agents.version,
  draftBy: agents.draftBy,
  createdAt: agents.createdAt,
  updatedAt: agents.updatedAt,
  hasDraft: sql<boolean>`${agents.draft} is not null`,
  grants: grantsOfAgent,
};

const select = (ctx: Context) =>
  ctx.db.select(shown).from(agents).innerJoin(users, eq(users.id, agents.ownerId)).$dynamic();

export const here = (ctx: Context, id?: Id<"agent">): SQL | undefined =>
  and(eq(agents.organizationId, ctx.organizationId), eq(agents.workspaceId, ctx.workspaceId), id && eq(agents.id, id));

/** The condition that `may(who, "see", agent)` is, for lists; a test holds the two together. */
export function visibleTo(who: SharingStanding): SQL | undefined {
  if (!who.mayUse) return sql`false`;
  const published = sql`${agents.version} is not null`;
  const shared = and(published, or(eq(agents.visibility, "workspace"), grantedTo(who, ["use", "edit", "manage"])));
  return or(
    and(eq(agents.ownerId, who.subject as Id<"user">), who.mayBuild ? undefined : published),
    who.isAdmin ? (who.mayBuild ? sql`true` : published) : undefined,
    who.hasSharing ? shared : undefined,
    who.hasSharing && who.mayBuild ? grantedTo(who, ["edit", "manage"]) : undefined,
  );
}

const grantedTo = (who: SharingStanding, levels: Grant["level"][]): SQL =>
  sql`exists (select from ${agentGrants} where ${and(
    eq(agentGrants.organizationId, agents.organizationId),
    eq(agentGrants.agentId, agents.id),
    inArray(agentGrants.subjectId, [who.subject, ...who.groups] as Id<"user">[]),
    inArray(agentGrants.level, levels),
  )})`;

export type AgentFilter = {
  /** Part of a name or handle, or an id. */
  search?: string | undefined;
  name?: string | undefined;
  id?: string | undefined;
  sources?: readonly Row["source"][] | undefined;
  deploymentChat?: boolean | undefined;
  metadata?: Record<string, unknown> | undefined;
  ids?: readonly Id<"agent">[] | undefined;
  /** Only what can be used: with something published. */
  usable?: boolean | undefined;
  /** After this agent, in the order of the list. */
  after?: Id<"agent"> | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
};

/** The agents a person may see, in the order they were made (T-4.3-SHARE3: what is not shared is not there). */
export async function agentsOf(ctx: Context, filter: AgentFilter = {}, who?: SharingStanding): Promise<AgentView[]> {
  authorize(ctx.actor, "agents.read");
  const standing = who ?? (await standingOf(ctx));
  const told = filter.metadata && inArray(agents.id, await withMetadata(ctx, filter.metadata));
  const rows = await select(ctx)
    .where(and(here(ctx), visibleTo(standing), matches(filter), told))
    .orderBy(asc(agents.id))
    .offset(filter.offset ?? 0)
    .limit(filter.limit ?? 1000);
  return rows.map((row) => ({ ...row, rights: rightsOf(standing, row) }));
}

function matches({ search, name, id, ids, sources, deploymentChat, usable, after }: AgentFilter): SQL | undefined {
  const part = search && containing(search);
  return and(
    part ? or(ilike(agents.name, part), ilike(agents.handle, part), eq(sql`${agents.id}`, search)) : undefined,
    name === undefined ? undefined : eq(agents.name, name),
    id === undefined ? undefined : eq(sql`${agents.id}`, id),
    ids && inArray(agents.id, [...ids]),
    sources && inArray(agents.source, [...sources]),
    deploymentChat === undefined ? undefined : eq(agents.deploymentChat, deploymentChat),
    usable ? sql`${agents.version} is not null` : undefined,
    after && gt(agents.id, after),
  );
}

/** One agent, for a person who may do this with it; for everyone else it is not there. */
export async function agentOf(ctx: Context, id: string, right: Right = "see"): Promise<AgentView> {
  authorize(ctx.actor, "agents.read");
  const standing = await standingOf(ctx);
  const [row] = await select(ctx).where(here(ctx, id as Id<"agent">));
  const rights = row && rightsOf(standing, row);
  if (!row || !rights?.has("see")) throw await notThere(ctx, id);
  if (!rights.has(right)) throw new AppError("forbidden", refusals[right](row, standing));
  return { ...row, rights };
}

/** Joins an agent's published version. */
export const isPublished = and(
  eq(agentVersions.organizationId, agents.organizationId),
  eq(agentVersions.agentId, agents.id),
  eq(agentVersions.version, agents.version),
);

/** An agent with what it says, for those who open it; joined with its published version. */
export const sealedAgent = {
  id: agents.id,
  key: agents.key,
  version: agents.version,
  draft: agents.draft,
  content: agentVersions.content,
};

/** The database cannot look into what is sealed, so what is published is opened and looked through here. */
async function withMetadata(ctx: Context, metadata: Record<string, unknown>): Promise<Id<"agent">[]> {
  const rows = await ctx.db.select(sealedAgent).from(agents).innerJoin(agentVersions, isPublished).where(here(ctx));
  const said = await Promise.all(rows.map(async (row) => ({ id: row.id, content: await publishedFirst(row) })));
  return said.filter(({ content }) => contains(content?.metadata, metadata)).map(({ id }) => id);
}

/** What a builder is working on: the draft, or else what is published. */
export async function draftOf(ctx: Context, id: string): Promise<AgentContent> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id, "edit");
  const [row] = await ctx.db
    .select(sealedAgent)
    .from(agents)
    .leftJoin(agentVersions, isPublished)
    .where(here(ctx, agent.id));
  const content = row && (await draftFirst(row));
  if (!content) throw await notThere(ctx, id);
  return content;
}

const refusals: Record<Right, (agent: AgentFacts & { name: string }, who: SharingStanding) => string> = {
  see: () => "This agent is not shared with you.",
  use: ({ name, version }, who) =>
    version === null
      ? `${name} has not been published yet. Publish it first.`
      : who.hasSharing
        ? `${name} is not shared with you for use.`
        : `${name} belongs to somebody else, and this plan does not include sharing agents.`,
  edit: ({ name }) => `You may use ${name}, but not change it. Its owner, or who manages it, can share it for editing.`,
  manage: ({ name }) => `You may not share, rename or delete ${name}. Its owner, or who manages it, can.`,
};

/**
 * That it is not there: the same for what never was, what is another's and what is not shared. Only who could have known
 * of an agent is told that it was deleted.
 */
export async function notThere(ctx: Context, id: string): Promise<AppError> {
  authorize(ctx.actor, "agents.read");
  const [receipt] = await ctx.db
    .select()
    .from(agentReceipts)
    .where(
      and(
        eq(agentReceipts.organizationId, ctx.organizationId),
        eq(agentReceipts.workspaceId, ctx.workspaceId),
        eq(sql`${agentReceipts.agentId}`, id),
      ),
    );
  const { actor } = ctx;
  const person = actor.kind === "key" ? actor.ownerId : actor.id;
  if (receipt && (receipt.visibility === "workspace" || receipt.ownerId === person)) {
    const day = receipt.deletedAt.toISOString().slice(0, 10);
    return new AppError(
      "not_found",
      `The agent ${receipt.name} (@${receipt.handle}) was deleted on ${day}. Use another one.`,
      {
        code: "agent_deleted",
      },
    );
  }
  return new AppError("not_found", "There is no such agent here, or it is not shared with you.", {
    code: "agent_not_found",
  });
}

/** Skeletons of the handles of a workspace, the person who may see whose: none may be mistaken for another. */
export async function takenSkeletons(ctx: Context, except?: Id<"agent">): Promise<Set<string>> {
  authorize(ctx.actor, "agents.write");
  const rows = await ctx.db.select({ id: agents.id, skeleton: agents.skeleton }).from(agents).where(here(ctx));
  return new Set(rows.filter(({ id }) => id !== except).map(({ skeleton }) => skeleton));
}
