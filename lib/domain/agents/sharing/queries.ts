import { and, asc, eq, inArray } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agentGrants, agents, agentVersions } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import {
  agentOf,
  agentsOf,
  isPublished,
  sealedAgent,
  standingOf,
  standingOfPerson,
} from "#lib/domain/agents/queries.ts";
import { type AgentFacts, agentKind, may } from "#lib/domain/agents/rules.ts";
import { publishedFirst } from "#lib/domain/agents/sealing/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import type { Sharing } from "#lib/domain/sharing/input.ts";
import {
  everyoneHere,
  groupsHere,
  leftOfLimits,
  peopleHere,
  sharingChoices,
  sharingPlace,
} from "#lib/domain/sharing/queries.ts";
import type { SharingStanding } from "#lib/domain/sharing/rules.ts";
import type { Reach } from "#lib/domain/sharing/view.ts";
import { type Explanation, explanationOf, reachedBy } from "./rules.ts";
import type { SharingView } from "./view.ts";

/** Who has what of an agent, for the person who manages it (T-4.3-SHARE3). */
export async function sharingOf(ctx: Context, id: string): Promise<SharingView> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id, "manage");
  return { agent, ...(await sharingChoices(ctx, agentKind, await grantsOf(ctx, agent.id))) };
}

const grantsOf = (ctx: Context, id: Id<"agent">) =>
  ctx.db
    .select({ subjectKind: agentGrants.subjectKind, subjectId: agentGrants.subjectId, level: agentGrants.level })
    .from(agentGrants)
    .where(and(eq(agentGrants.organizationId, ctx.organizationId), eq(agentGrants.agentId, id)))
    .orderBy(asc(agentGrants.createdAt), asc(agentGrants.subjectId));

/** The panel before saving: who is added, and what they reach by it. */
export async function reachOf(ctx: Context, id: string, proposed: Sharing): Promise<Reach> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id, "manage");
  const [people, { model, tools, handoffs }, leftPico] = await Promise.all([
    everyoneHere(ctx, agentKind),
    contentOf(ctx, agent),
    leftOfLimits(ctx),
  ]);
  const { added, editors, lost } = reachedBy(people, agent, { ...agent, ...proposed });
  const targets = await targetsOf(ctx, handoffs ?? []);
  const who = await standingOf(ctx);
  return {
    added: added.map(({ name }) => name),
    editors: editors.map(({ name }) => name),
    lost: lost.map(({ name }) => name),
    tools: tools.map((tool) => tool.function.name),
    handoffs: targets.map((target) => ({
      name: may(who, "see", target) ? target.name : null,
      without: added.filter(({ standing }) => !may(standing, "use", target)).map(({ name }) => name),
    })),
    model: { name: model, isTuned: model.startsWith("ft:") },
    leftPico,
  };
}

/** What answers now, or what will once it is published. */
async function contentOf(ctx: Context, agent: AgentView) {
  const [row] = await ctx.db
    .select(sealedAgent)
    .from(agents)
    .leftJoin(agentVersions, isPublished)
    .where(and(eq(agents.organizationId, ctx.organizationId), eq(agents.id, agent.id)));
  const content = row && (await publishedFirst(row));
  if (!content) throw new Error("An agent has a version or a draft.");
  return content;
}

type Target = AgentFacts & { name: string };

async function targetsOf(ctx: Context, ids: readonly Id<"agent">[]): Promise<Target[]> {
  if (ids.length === 0) return [];
  const isTarget = and(
    eq(agents.organizationId, ctx.organizationId),
    eq(agents.workspaceId, ctx.workspaceId),
    inArray(agents.id, [...ids]),
  );
  const rows = await ctx.db.select().from(agents).where(isTarget).orderBy(asc(agents.id));
  const grants = await ctx.db
    .select({ agentId: agentGrants.agentId, subjectId: agentGrants.subjectId, level: agentGrants.level })
    .from(agentGrants)
    .where(and(eq(agentGrants.organizationId, ctx.organizationId), inArray(agentGrants.agentId, [...ids])));
  return rows.map((row) => ({ ...row, grants: grants.filter(({ agentId }) => agentId === row.id) }));
}

/** Why a person of the organization can use an agent, or why not, for the person who manages it. */
export async function explain(ctx: Context, id: string, userId: Id<"user">): Promise<Explanation & { name: string }> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id, "manage");
  const explained = await explainer(ctx, userId);
  return { name: explained.name, ...explained.of(agent) };
}

async function explainer(ctx: Context, userId: Id<"user">) {
  const [people, teams, { name: placeName, plan: planName }] = await Promise.all([
    peopleHere(ctx, agentKind),
    groupsHere(ctx, agentKind),
    sharingPlace(ctx, agentKind),
  ]);
  const person = people.find(({ standing }) => standing.subject === userId);
  if (!person) throw new AppError("not_found", "There is no such member in this organization.");
  const groupNames = new Map(teams.map(({ id, name }) => [id, name]));
  const { standing, roles, name } = person;
  return {
    name,
    of: (agent: AgentFacts) => explanationOf({ standing, roles, agent, placeName, planName, groupNames }),
  };
}

export type SeenAs = { person: { id: Id<"user">; name: string }; agents: (AgentView & { because: string[] })[] };

/** The agents of the workspace as one of its people sees them, each with why; for who runs the workspace. */
export async function agentsAs(ctx: Context, userId: Id<"user">): Promise<SeenAs> {
  authorize(ctx.actor, "agents.read");
  refuseUnlessAdmin(await standingOf(ctx));
  const [who, explained] = await Promise.all([standingOfPerson(ctx, userId), explainer(ctx, userId)]);
  const seen = await agentsOf(ctx, {}, who);
  const rows = seen.map((agent) => ({ ...agent, because: explained.of(agent).because }));
  return { person: { id: userId, name: explained.name }, agents: rows };
}

function refuseUnlessAdmin({ isAdmin }: SharingStanding): void {
  if (isAdmin) return;
  throw new AppError(
    "forbidden",
    "Only an admin of this workspace or of the organization sees it as somebody else does.",
  );
}
