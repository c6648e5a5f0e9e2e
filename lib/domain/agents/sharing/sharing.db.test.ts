import { beforeEach, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import type { GrantLevel } from "#db/schema/agents.ts";
import { testDatabase } from "#db/testing.ts";
import type { WorkspaceRole } from "#lib/core/access/roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import type { Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { agentOf, agentsOf } from "#lib/domain/agents/queries.ts";
import { upgradePlan } from "#lib/domain/billing/plan/commands.ts";
import { addToGroup, createGroup, removeGroup, takeFromGroup } from "#lib/domain/groups/commands.ts";
import { createKey, revokeKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { removeMember, setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { setPlan } from "#lib/domain/organizations/plan/commands.ts";
import type { SubjectKind } from "#lib/domain/sharing/view.ts";
import { setAgentVisibility } from "#lib/domain/workspaces/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { makePayable } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { setSharing } from "./commands.ts";
import { agentsAs, explain, reachOf, sharingOf } from "./queries.ts";

const { db, sql } = await testDatabase();

let admin: Context;
let ada: Context;
let ben: Context;
let agent: Id<"agent">;

const idOf = (ctx: Context) => ctx.actor.id as Id<"user">;
const somebody = (roles: WorkspaceRole[] = ["user"]) => testWorkspace(db, { within: admin, roles });
const rename = (ctx: Context, name: string) => sql`update users set name = ${name} where id = ${idOf(ctx)}`;

beforeEach(async () => {
  admin = await testWorkspace(db);
  [ada, ben] = [await somebody(), await somebody()];
  await Promise.all([rename(admin, "Admin"), rename(ada, "Ada"), rename(ben, "Ben")]);
  agent = await testAgent(db, ada);
});

const grant = (subjectKind: SubjectKind, subjectId: string, level: GrantLevel = "use") => ({
  subjectKind,
  subjectId: subjectId as Id<"user">,
  level,
});
const everybody = { visibility: "workspace" as const, grants: [] };
const only = (...grants: ReturnType<typeof grant>[]) => ({ visibility: "restricted" as const, grants });
const sees = async (ctx: Context) => (await agentsOf(ctx)).some(({ id }) => id === agent);
const problem = (name: string) => ({ problem: name });
const audited = (action: string) =>
  sql`select object_id, before, after, clause from audit_events where organization_id = ${admin.organizationId} and action = ${action} order by sequence`;

describe("T-4.3-SHARE3: sharing", () => {
  test("a person has an agent from the moment it is shared with them until the moment it is not", async () => {
    expect(await sees(ben)).toBe(false);
    await setSharing(ada, { agent, ...everybody });
    expect(await sees(ben)).toBe(true);
    await setSharing(ada, { agent, ...only() });
    expect(await sees(ben)).toBe(false);
    await expect(agentOf(ben, agent)).rejects.toMatchObject({ problem: "not_found", code: "agent_not_found" });
    await setSharing(ada, { agent, ...only(grant("user", idOf(ben), "edit")) });
    expect([...(await agentOf(ben, agent)).rights].toSorted()).toEqual(["edit", "see", "use"]);
    expect(await audited("agent.share")).toMatchObject([
      { before: { visibility: "restricted" }, after: { visibility: "workspace" }, clause: "T-4.3-SHARE2" },
      { after: { visibility: "restricted", grants: {} }, clause: "T-4.3-SHARE3" },
      { after: { grants: { [idOf(ben)]: "edit" } }, clause: "T-4.3-SHARE3" },
    ]);
  });

  test("is done by who manages the agent; who only changes it may not, and for others it is not there", async () => {
    await expect(setSharing(ben, { agent, ...everybody })).rejects.toMatchObject(problem("not_found"));
    await setSharing(ada, { agent, ...only(grant("user", idOf(ben), "edit")) });
    await expect(setSharing(ben, { agent, ...everybody })).rejects.toMatchObject(problem("forbidden"));
    await expect(sharingOf(ben, agent)).rejects.toMatchObject(problem("forbidden"));
    await setSharing(ada, { agent, ...only(grant("user", idOf(ben), "manage")) });
    await setSharing(ben, { agent, ...only() });
    expect([await sees(ben), await sees(ada)]).toEqual([false, true]);
    const foreign = await testWorkspace(db);
    await expect(setSharing(foreign, { agent, ...everybody })).rejects.toMatchObject(problem("not_found"));
  });

  test("goes to people of the workspace, groups of the organization and the workspace's service keys alone", async () => {
    const outsider = await somebody();
    await setWorkspaceRoles(admin, idOf(outsider), ["observability_viewer"]);
    const foreign = await testWorkspace(db);
    const team = await createGroup(foreign, { name: "Theirs" });
    const own = await createKey(admin, { ...key, isService: false });
    for (const stranger of [
      grant("user", idOf(outsider)),
      grant("user", idOf(foreign)),
      grant("group", team.id),
      grant("key", own.id),
      grant("user", idOf(ada), "use"),
    ]) {
      await expect(setSharing(ada, { agent, ...only(stranger) })).rejects.toMatchObject({ problem: "invalid" });
    }
    expect((await sharingOf(ada, agent)).grants).toEqual([]);
  });

  test("a person named who lost the workspace keeps their place in the list without any right, and has it again when they return", async () => {
    await setSharing(ada, { agent, ...only(grant("user", idOf(ben))) });
    await setWorkspaceRoles(admin, idOf(ben), []);
    expect((await sharingOf(ada, agent)).grants).toMatchObject([{ name: "Ben", isOut: true }]);
    await setSharing(ada, { agent, ...only(grant("user", idOf(ben), "edit")) });
    await setWorkspaceRoles(admin, idOf(ben), ["user"]);
    expect((await agentOf(ben, agent)).rights.has("edit")).toBe(true);
  });

  test("a group gives it to who is in it, and takes it with it when it goes", async () => {
    const team = await createGroup(admin, { name: "Analysts" });
    await addToGroup(admin, { group: team.id, user: idOf(ben) });
    await setSharing(ada, { agent, ...only(grant("group", team.id)) });
    expect(await sees(ben)).toBe(true);
    await takeFromGroup(admin, { group: team.id, user: idOf(ben) });
    expect(await sees(ben)).toBe(false);
    await addToGroup(admin, { group: team.id, user: idOf(ben) });
    await removeGroup(admin, { group: team.id });
    expect(await sees(ben)).toBe(false);
    expect((await sharingOf(ada, agent)).grants).toEqual([]);
  });
});

const key = {
  name: "batch",
  scopes: ["agents:use" as const],
  models: null,
  addresses: null,
  expiresInDays: null,
  isService: true,
};
const withKey = (id: Id<"key">): Context => ({
  ...admin,
  actor: {
    kind: "key",
    id,
    name: "batch",
    ownerId: idOf(admin),
    isService: true,
    permissions: new Set(["agents.read"]),
  },
});

describe("T-4.3-SHARE3: service keys", () => {
  test("see what everyone sees, and a restricted agent only where it was shared with them", async () => {
    const [one, two] = [await createKey(admin, key), await createKey(admin, key)];
    await setSharing(ada, { agent, ...everybody });
    expect([await sees(withKey(one.id)), await sees(withKey(two.id))]).toEqual([true, true]);
    await setSharing(ada, { agent, ...only(grant("key", one.id)) });
    expect([await sees(withKey(one.id)), await sees(withKey(two.id))]).toEqual([true, false]);
  });

  test("hand their agents to the key that takes their place", async () => {
    const old = await createKey(admin, key);
    await setSharing(ada, { agent, ...only(grant("key", old.id, "edit")) });
    const next = await rotateKey(admin, { id: old.id, grace: "day" });
    expect((await agentOf(withKey(next.id), agent)).rights.has("edit")).toBe(true);
    await revokeKey(admin, { id: next.id });
    const { grants } = await sharingOf(ada, agent);
    expect(grants.map(({ id, isOut }) => [id, isOut]).toSorted()).toEqual(
      [
        [old.id, false],
        [next.id, true],
      ].toSorted(),
    );
  });

  test("are made and ended only by who may change any key, and stay when the person who made them leaves", async () => {
    const dev = await somebody(["dev"]);
    await expect(createKey(dev, key)).rejects.toMatchObject(problem("forbidden"));
    const boss = await somebody(["workspace_admin"]);
    const made = await createKey(boss, key);
    await expect(revokeKey(dev, { id: made.id })).rejects.toMatchObject(problem("forbidden"));
    await removeMember(admin, { user: idOf(boss) });
    const [row] = await sql`select revoked_at, owner_id from keys where id = ${made.id}`;
    expect(row).toEqual({ revoked_at: null, owner_id: idOf(admin) });
    expect(await audited("api_key.pass-on")).toMatchObject([{ object_id: made.id, after: { ownerId: idOf(admin) } }]);
  });
});

describe("T-4.3-SHARE1: a plan without sharing", () => {
  const operator = (): Context => ({
    ...admin,
    actor: { kind: "system", id: "operator", name: "Operator", permissions: new Set(systemPermissions) },
  });

  test("freezes an agent to its owner, and everything is as it was after an upgrade", async () => {
    await setSharing(ada, { agent, ...everybody, grants: [grant("user", idOf(ben), "edit")] });
    await setPlan(operator(), "free");
    expect([await sees(ben), await sees(ada)]).toEqual([false, true]);
    expect([...(await agentOf(admin, agent)).rights].toSorted()).toEqual(["manage", "see"]);
    const refused = setSharing(ada, { agent, ...only() });
    await expect(refused).rejects.toMatchObject({
      code: "plan_without_sharing",
      message: expect.stringContaining("free plan"),
    });
    await expect(agentOf(admin, agent, "use")).rejects.toMatchObject(problem("forbidden"));
    await makePayable(db, admin);
    await upgradePlan(admin);
    expect([...(await agentOf(ben, agent)).rights].toSorted()).toEqual(["edit", "see", "use"]);
    expect(await sharingOf(ada, agent)).toMatchObject({ agent: { visibility: "workspace" }, hasSharing: true });
  });
});

describe("T-4.3-SHARE3: before saving", () => {
  const tool = {
    type: "function" as const,
    function: { name: "refund", description: "", strict: false, parameters: {} },
  };

  test("the panel says who is added and what they reach: tools, handoffs, a tuned model, what is left to spend", async () => {
    const hidden = await testAgent(db, admin, { name: "Treasurer" });
    const open = await testAgent(db, ada, { name: "Clerk", visibility: "workspace" });
    const content = { tools: [tool], handoffs: [hidden, open], model: "ft:tiny:mine" };
    const front = await testAgent(db, ada, { content });
    await setWorkspaceLimit(admin, { limit: pico(7n) });
    const reach = await reachOf(ada, front, everybody);
    expect(reach).toEqual({
      added: ["Ben"],
      editors: [],
      lost: [],
      tools: ["refund"],
      handoffs: [
        { name: null, without: ["Ben"] },
        { name: "Clerk", without: [] },
      ],
      model: { name: "ft:tiny:mine", isTuned: true },
      leftPico: null,
    });
    expect((await reachOf(admin, front, everybody)).leftPico).toBe(7n);
    await expect(reachOf(ben, front, everybody)).rejects.toMatchObject(problem("not_found"));
  });

  test("a service key that is named is among those who are added", async () => {
    const { id } = await createKey(admin, key);
    const reach = await reachOf(ada, agent, only(grant("key", id), grant("user", idOf(ben), "edit")));
    expect(reach).toMatchObject({ added: ["Ben", "the service key batch"], editors: ["Ben"] });
  });
});

describe("T-4.3-SHARE3: who sees what", () => {
  test("why a person can use an agent is said to who manages it", async () => {
    await setSharing(ada, { agent, ...everybody });
    expect(await explain(ada, agent, idOf(ben))).toMatchObject({
      name: "Ben",
      because: ["Everyone in Default may use it."],
    });
    await expect(explain(ben, agent, idOf(ada))).rejects.toMatchObject(problem("forbidden"));
    const foreign = await testWorkspace(db);
    await expect(explain(ada, agent, idOf(foreign))).rejects.toMatchObject(problem("not_found"));
  });

  test("an admin sees the list as another person does, and no one else may", async () => {
    await setSharing(ada, { agent, ...only(grant("user", idOf(ben), "edit")) });
    const seen = await agentsAs(admin, idOf(ben));
    expect(seen.agents).toMatchObject([
      { id: agent, because: ["It is shared with them by name: they may use and change it."] },
    ]);
    expect((await agentsAs(admin, idOf(await somebody()))).agents).toEqual([]);
    await expect(agentsAs(ben, idOf(ada))).rejects.toMatchObject(problem("forbidden"));
  });
});

test("T-4.3-SHARE2: who runs a workspace chooses who its new agents are shared with, audited", async () => {
  expect((await setAgentVisibility(admin, "restricted")).agentVisibility).toBe("restricted");
  expect(await audited("workspace.set-agent-visibility")).toMatchObject([
    { before: { agentVisibility: "workspace" }, after: { agentVisibility: "restricted" }, clause: "T-4.3-SHARE2" },
  ]);
  await expect(setAgentVisibility(ben, "workspace")).rejects.toMatchObject(problem("forbidden"));
});
