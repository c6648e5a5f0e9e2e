import { and, asc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agentGrants, agents, agentVersions } from "#db/schema/agents.ts";
import { keys } from "#db/schema/keys.ts";
import { groupMembers, groups, workspaces } from "#db/schema/organizations.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
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
import { type AgentFacts, type AgentStanding, may, standingFrom } from "#lib/domain/agents/rules.ts";
import { publishedFirst } from "#lib/domain/agents/sealing/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { agentTerms } from "#lib/domain/contract/values/queries.ts";
import { standings } from "#lib/domain/limits/queries.ts";
import { membersIn } from "#lib/domain/members/queries.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import type { Sharing } from "./input.ts";
import { type Explanation, explanationOf, reachedBy, type Somebody } from "./rules.ts";
import type { Reach, SharedWith, SharingView, Subject } from "./view.ts";

/** Who has what of an agent, for the person who manages it (T-4.3-SHARE3). */
export async function sharingOf(ctx: Context, id: string): Promise<SharingView> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id, "manage");
  const [place, people, teams, serviceKeys, rows] = await Promise.all([
    placeOf(ctx),
    peopleHere(ctx),
    groupsHere(ctx),
    serviceKeysHere(ctx),
    grantsOf(ctx, agent.id),
  ]);
  const inside: Subject[] = people
    .filter(({ standing }) => standing.mayUse)
    .map(({ standing, name, email }) => ({ id: standing.subject, name, detail: email, kind: "user" }));
  const known = new Map([...inside, ...teams, ...serviceKeys].map((subject) => [subject.id, subject]));
  const outside = new Map(people.map(({ standing, name, email }) => [standing.subject, { name, detail: email }]));
  const grants = rows.map(({ subjectKind: kind, subjectId, level }): SharedWith => {
    const subject = known.get(subjectId);
    if (subject) return { ...subject, level, isOut: false };
    const other = outside.get(subjectId) ?? { name: "Somebody who left, or a key that ended", detail: "" };
    return { kind, id: subjectId, ...other, level, isOut: true };
  });
  const { name: placeName, plan, hasSharing } = place;
  const named = { placeName, plan, hasSharing };
  return { agent, ...named, grants, people: inside, groups: teams, keys: serviceKeys };
}

async function placeOf(ctx: Context): Promise<{ name: string; plan: Plan; hasSharing: boolean }> {
  const terms = await agentTerms(ctx);
  const [row] = await ctx.db
    .select({ name: workspaces.name })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.id, ctx.workspaceId)));
  if (!row) throw new AppError("not_found", "This workspace is gone.");
  return { ...row, ...terms };
}

type PersonHere = Somebody & { email: string; roles: readonly string[] };

/** Everyone of the organization, as the agents of this workspace see them. */
async function peopleHere(ctx: Context): Promise<PersonHere[]> {
  const { organizationId, workspaceId } = ctx;
  const [rows, memberships, { hasSharing }] = await Promise.all([
    membersIn(ctx, workspaceId).orderBy(asc(sql`lower(${users.name})`), asc(users.id)),
    ctx.db
      .select({ userId: groupMembers.userId, groupId: groupMembers.groupId })
      .from(groupMembers)
      .where(eq(groupMembers.organizationId, organizationId)),
    placeOf(ctx),
  ]);
  return rows.map(({ id, name, email, roles: own, workspaceRoles }) => {
    const roles = [...own, ...workspaceRoles];
    const inGroups = memberships.filter(({ userId }) => userId === id).map(({ groupId }) => groupId);
    return {
      name,
      email,
      roles,
      standing: standingFrom({ workspaceId, subject: id, groups: inGroups, roles, hasSharing }),
    };
  });
}

async function groupsHere(ctx: Context): Promise<Subject[]> {
  const rows = await ctx.db
    .select({
      id: groups.id,
      name: groups.name,
      people:
        sql<number>`(select count(*) from ${groupMembers} where ${groupMembers.organizationId} = ${groups.organizationId}
        and ${groupMembers.groupId} = ${groups.id})`.mapWith(Number),
    })
    .from(groups)
    .where(eq(groups.organizationId, ctx.organizationId))
    .orderBy(asc(sql`lower(${groups.name})`), asc(groups.id));
  return rows.map(({ people, ...row }) => ({
    kind: "group",
    ...row,
    detail: people === 1 ? "1 person" : `${people} people`,
  }));
}

/** Keys of people act for their owners, so that only those of the workspace itself need a grant of their own. */
async function serviceKeysHere(ctx: Context): Promise<Subject[]> {
  const rows = await ctx.db
    .select({ id: keys.id, name: keys.name, last4: keys.last4 })
    .from(keys)
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        eq(keys.workspaceId, ctx.workspaceId),
        eq(keys.purpose, "service"),
        isNull(keys.revokedAt),
        or(isNull(keys.expiresAt), gt(keys.expiresAt, ctx.now)),
      ),
    )
    .orderBy(asc(sql`lower(${keys.name})`), asc(keys.id));
  return rows.map(({ id, name, last4 }) => ({ id, name, detail: `ends in ${last4}`, kind: "key" }));
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
    everybodyHere(ctx),
    contentOf(ctx, agent),
    leftOf(ctx),
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

/** The people of the workspace and its service keys. */
async function everybodyHere(ctx: Context): Promise<Somebody[]> {
  const [people, serviceKeys, { hasSharing }] = await Promise.all([
    peopleHere(ctx),
    serviceKeysHere(ctx),
    placeOf(ctx),
  ]);
  const own = { workspaceId: ctx.workspaceId, groups: [], mayUse: true, mayBuild: true, isAdmin: false, hasSharing };
  const machines = serviceKeys.map(({ id, name }) => ({
    name: `the service key ${name}`,
    standing: { ...own, subject: id },
  }));
  return [...people, ...machines];
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

async function leftOf(ctx: Context): Promise<bigint | null> {
  if (!can(ctx.actor, "limits.read")) return null;
  const chain = Object.values(await standings(ctx));
  const left = chain.flatMap(({ limitPico, settledPico, heldPico }) =>
    limitPico === null ? [] : [limitPico - settledPico - heldPico],
  );
  return left.reduce<bigint | null>((least, one) => (least === null || one < least ? one : least), null);
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
    peopleHere(ctx),
    groupsHere(ctx),
    placeOf(ctx),
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

function refuseUnlessAdmin({ isAdmin }: AgentStanding): void {
  if (isAdmin) return;
  throw new AppError(
    "forbidden",
    "Only an admin of this workspace or of the organization sees it as somebody else does.",
  );
}
