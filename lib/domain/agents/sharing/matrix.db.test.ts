import { expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agentGrants, agents, grantLevels } from "#db/schema/agents.ts";
import { keys } from "#db/schema/keys.ts";
import {
  groupMembers,
  groupRoles,
  groups,
  members,
  organizations,
  workspaceMembers,
  workspaces,
} from "#db/schema/organizations.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { agentOf, agentsOf } from "#lib/domain/agents/queries.ts";
import { type AgentFacts, may, rightsOf } from "#lib/domain/agents/rules.ts";
import { newAgentSealer } from "#lib/domain/agents/sealing/queries.ts";
import { type Right, rights, type SharingStanding } from "#lib/domain/sharing/rules.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql } = await testDatabase();

/** Numbers that look random and are the same in every run, so that a failure can be repeated. */
const seed = 20_261_124;
let state = seed;
function below(most: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * most);
}
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
const chance = (percent: number): boolean => below(100) < percent;
const some = <T>(list: readonly T[], percent: number): T[] => list.filter(() => chance(percent));

const [here, foreign] = [await testWorkspace(db), await testWorkspace(db)];
const { organizationId, workspaceId, now } = here;
const elsewhere = newId("workspace", now);
await db.insert(workspaces).values({ organizationId, id: elsewhere, name: "Elsewhere", createdAt: now });

const people = await Promise.all(
  Array.from({ length: 9 }, async (_, i) => {
    const id = newId("user", now);
    await db.insert(users).values({ id, email: `${id}@example.com`, name: `Person ${i}`, createdAt: now });
    return id;
  }),
);
const teams = ["Analysts", "Writers"].map((name) => ({ id: newId("group", now), name }));
await db.insert(groups).values(teams.map((team) => ({ ...team, organizationId, createdAt: now })));
const ownerId = here.actor.id as Id<"user">;
const keyRow = (purpose: "api" | "service", place: Id<"workspace">, owner: Id<"user">) => {
  const id = newId("key", now);
  const shown = { name: id, hash: id, first4: "aaaa", last4: "zzzz", scopes: ["agents:use"] };
  return { ...shown, organizationId, id, workspaceId: place, ownerId: owner, purpose, createdAt: now };
};
const serviceKeys = [keyRow("service", workspaceId, ownerId), keyRow("service", workspaceId, ownerId)];
const strayKey = keyRow("service", elsewhere, ownerId);
const personKeys = people.slice(0, 3).map((id) => keyRow("api", workspaceId, id));
await db.insert(keys).values([...serviceKeys, strayKey, ...personKeys]);

type Person = { id: Id<"user">; isMember: boolean; roles: string[]; places: Map<string, string[]>; teams: string[] };
type Agent = AgentFacts & { id: Id<"agent"> };
type World = { hasSharing: boolean; people: Person[]; teamRoles: Map<string, string[]>; agents: Agent[] };

const placeRoles = ["user", "dev", "workspace_admin", "observability_viewer"] as const;

/** Writes people, plans, agents and grants anew. */
async function shuffle(): Promise<World> {
  await sql`delete from agents`;
  await sql`delete from group_roles`;
  await sql`delete from members where user_id <> ${ownerId} and organization_id = ${organizationId}`;
  const plan = pick(["free", "paid", "paid", "order"] as const);
  await db.update(organizations).set({ plan });
  const teamRoles = new Map<string, string[]>();
  for (const { id } of teams) {
    if (!chance(40)) continue;
    const roles = [pick(placeRoles)];
    teamRoles.set(id, roles);
    await db.insert(groupRoles).values({ organizationId, groupId: id, workspaceId, roles });
  }
  const drawn = people.map(drawPerson);
  for (const person of drawn) await writePerson(person);
  const made = [...Array.from({ length: 9 }, () => workspaceId), elsewhere, elsewhere].map(drawAgent);
  for (const agent of made) await writeAgent(agent, organizationId);
  const theirs = { ...drawAgent(foreign.workspaceId), ownerId: foreign.actor.id, grants: [] };
  await writeAgent(theirs, foreign.organizationId);
  return { hasSharing: plan !== "free", people: drawn, teamRoles, agents: [...made, theirs] };
}

function drawPerson(id: Id<"user">): Person {
  const roles = ["member", ...some(["billing_manager"], 15), ...some(["organization_admin"], 12)];
  const places = new Map<string, string[]>();
  if (chance(60)) places.set(workspaceId, [pick(placeRoles), ...some(["dev"], 10)]);
  if (chance(30)) places.set(elsewhere, [pick(placeRoles)]);
  return { id, isMember: chance(90), roles, places, teams: some(teams, 30).map((team) => team.id) };
}

async function writePerson({ id: userId, isMember, roles, places, teams: inTeams }: Person): Promise<void> {
  if (!isMember) return;
  const own = { organizationId, userId, createdAt: now };
  await db.insert(members).values({ ...own, roles: roles as "member"[] });
  for (const [place, held] of places)
    await db.insert(workspaceMembers).values({ ...own, workspaceId: place as Id<"workspace">, roles: held as "dev"[] });
  for (const groupId of inTeams) await db.insert(groupMembers).values({ ...own, groupId: groupId as Id<"group"> });
}

function drawAgent(place: Id<"workspace">): Agent {
  const subjects = [...people, ...teams.map(({ id }) => id), ...serviceKeys.map(({ id }) => id)];
  const grants = some(subjects, 18).map((subjectId) => ({ subjectId, level: pick(grantLevels) }));
  const visibility = pick(["workspace", "restricted"] as const);
  const version = chance(70) ? 0 : null;
  return { id: newId("agent", now), workspaceId: place, ownerId: pick(people), visibility, version, grants };
}

async function writeAgent({ grants, ...agent }: Agent, organization: Id<"organization">): Promise<void> {
  const shown = { name: agent.id, handle: agent.id, skeleton: agent.id, color: "teal", source: "api" } as const;
  const content = { model: "m", description: null, instructions: null, examples: [], tools: [] };
  const sealer = await newAgentSealer(agent.id);
  const draft = sealer.draft({ ...content, completion_args: {}, handoffs: null, metadata: null });
  const owned = { ownerId: agent.ownerId as Id<"user">, workspaceId: agent.workspaceId as Id<"workspace"> };
  const row = { ...agent, ...owned, ...shown, organizationId: organization, key: sealer.wrapped, draft };
  await db.insert(agents).values({ ...row, createdAt: now, updatedAt: now });
  for (const { subjectId, level } of grants) {
    const subjectKind = ({ usr: "user", grp: "group", key: "key" } as const)[subjectId.slice(0, 3)] ?? "user";
    const grant = { organizationId: organization, agentId: agent.id, subjectKind, level, createdAt: now };
    await db.insert(agentGrants).values({ ...grant, subjectId: subjectId as Id<"user"> });
  }
}

type Asker = { ctx: Context; standing: SharingStanding };

/** What the world says about a person, without asking the database or the code under test. */
function standingIn(
  world: World,
  { id, isMember, roles, places, teams: inTeams }: Person,
  place: string,
): SharingStanding {
  const carried = place === workspaceId ? inTeams.flatMap((team) => world.teamRoles.get(team) ?? []) : [];
  const held = isMember ? [...roles, ...(places.get(place) ?? []), ...carried] : [];
  const works = ["user", "dev", "workspace_admin", "organization_admin"].some((role) => held.includes(role));
  const isAdmin = held.includes("workspace_admin") || held.includes("organization_admin");
  const found = { workspaceId: place, subject: id, groups: isMember ? inTeams : [] };
  return { ...found, mayUse: works, mayBuild: works, isAdmin, hasSharing: world.hasSharing && isMember };
}

// What the door lets them ask does not count here: the rule has to hold behind it too.
const permissions = new Set(["agents.read"] as const);

function askersOf(world: World): Asker[] {
  const askers: Asker[] = world.people.map((person) => {
    const place = chance(80) ? workspaceId : elsewhere;
    const session = newId("session", now);
    const user = { id: person.id, name: "Somebody", email: "somebody@example.com", sessionId: session };
    return {
      ctx: contextOf({ kind: "user", ...user, permissions }, place),
      standing: standingIn(world, person, place),
    };
  });
  for (const { id, ownerId: owner } of personKeys) {
    const person = world.people.find((one) => one.id === owner) as Person;
    const actor: Actor = { kind: "key", id, name: "Key", ownerId: owner, permissions };
    askers.push({ ctx: contextOf(actor, workspaceId), standing: standingIn(world, person, workspaceId) });
  }
  for (const { id, workspaceId: place } of [...serviceKeys, strayKey]) {
    const actor: Actor = { kind: "key", id, name: "Key", ownerId, isService: true, permissions };
    const own = { workspaceId: place, subject: id, groups: [], mayUse: true, mayBuild: true, isAdmin: false };
    askers.push({ ctx: contextOf(actor, place), standing: { ...own, hasSharing: world.hasSharing } });
  }
  return askers;
}

const contextOf = (actor: Actor, place: Id<"workspace">): Context => ({
  ...inWorkspace(here, place),
  db: tenantDb({ organizationId, userId: ownerId }),
  actor,
});

/** What the page or the API says when a person wants to do this with an agent. */
async function answerOf(ctx: Context, id: string, right: Right): Promise<string> {
  try {
    const { rights: found } = await agentOf(ctx, id, right);
    return rights.filter((one) => found.has(one)).join();
  } catch (error) {
    if (error instanceof AppError) return error.problem;
    throw error;
  }
}

function expectedAnswer(standing: SharingStanding, agent: Agent, right: Right): string {
  const found = rightsOf(standing, agent);
  if (!found.has("see")) return "not_found";
  return found.has(right) ? rights.filter((one) => found.has(one)).join() : "forbidden";
}

const counts = { states: 0, seen: 0, hidden: 0, forbidden: 0 };

async function compare(asker: Asker, agent: Agent, listed: ReadonlySet<string>): Promise<unknown[]> {
  const wrong: unknown[] = [];
  const sees = may(asker.standing, "see", agent);
  if (listed.has(agent.id) !== sees)
    wrong.push({ list: listed.has(agent.id), rule: sees, asker: asker.standing, agent });
  for (const right of rights) {
    const [want, got] = [expectedAnswer(asker.standing, agent, right), await answerOf(asker.ctx, agent.id, right)];
    counts.states++;
    if (want === "not_found") counts.hidden++;
    else if (want === "forbidden") counts.forbidden++;
    else counts.seen++;
    if (want !== got) wrong.push({ right, want, got, asker: asker.standing, agent });
  }
  return wrong;
}

test("T-4.3-SHARE3: in 10,000 generated states of who, what and which agent, the list, the agent's own page and the rule agree", async () => {
  const wrong: unknown[] = [];
  while (counts.states < 10_000 && wrong.length === 0) {
    const world = await shuffle();
    for (const asker of askersOf(world)) {
      const listed = new Set<string>((await agentsOf(asker.ctx)).map(({ id }) => id));
      for (const agent of world.agents) wrong.push(...(await compare(asker, agent, listed)));
    }
  }
  expect({ seed, states: counts.states, wrong: wrong.slice(0, 3) }).toEqual({ seed, states: counts.states, wrong: [] });
  expect(counts.states).toBeGreaterThanOrEqual(10_000);
  // Every answer is given often, so that none alone would do.
  for (const answer of ["seen", "hidden", "forbidden"] as const) expect(counts[answer]).toBeGreaterThan(300);
}, 300_000);
