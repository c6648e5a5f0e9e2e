import { beforeEach, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import type { GrantLevel } from "#db/schema/agents.ts";
import { testDatabase } from "#db/testing.ts";
import type { WorkspaceRole } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { addToGroup, createGroup, removeGroup, setGroupRoles, takeFromGroup } from "#lib/domain/groups/commands.ts";
import { removeMember, setRoles, setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { passOwnership, setSharing } from "./commands.ts";
import { sharingOf } from "./queries.ts";

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

const grant = (subjectId: Id<"user">, level: GrantLevel = "use") => ({
  subjectKind: "user" as const,
  subjectId,
  level,
});
const only = (...grants: ReturnType<typeof grant>[]) => ({ visibility: "restricted" as const, grants });
const problem = (name: string) => ({ problem: name });
const audited = (action: string) =>
  sql`select object_id, before, after, clause from audit_events where organization_id = ${admin.organizationId} and action = ${action} order by sequence`;
const lettersTo = (ctx: Context) =>
  sql`select kind, subject, text, clause from letters where user_id = ${idOf(ctx)} order by id`;

describe("T-4.3-SHARE3: an owner", () => {
  test("passes an agent on and keeps the right to manage it; the new owner hears of it", async () => {
    await setSharing(ada, { agent, ...only(grant(idOf(ben))) });
    await passOwnership(ada, { agent, user: idOf(ben) });
    const { agent: passed, grants } = await sharingOf(ada, agent);
    expect(passed.ownerId).toBe(idOf(ben));
    expect(grants).toMatchObject([{ id: idOf(ada), level: "manage" }]);
    expect(await lettersTo(ben)).toMatchObject([{ kind: "agents.passed-on", clause: "T-4.3-SHARE3" }]);
    await expect(setSharing(ada, { agent, ...only(grant(idOf(ben))) })).rejects.toMatchObject(problem("invalid"));
  });

  test("can be only a person who may build agents there", async () => {
    const viewer = await somebody();
    await setWorkspaceRoles(admin, idOf(viewer), ["observability_viewer"]);
    const foreign = await testWorkspace(db);
    for (const to of [viewer, foreign]) {
      await expect(passOwnership(ada, { agent, user: idOf(to) })).rejects.toMatchObject(problem("invalid"));
    }
    await expect(passOwnership(ben, { agent, user: idOf(ben) })).rejects.toMatchObject(problem("not_found"));
  });

  const team = async (person: Context) => {
    const { id } = await createGroup(admin, { name: "Team" });
    await setWorkspaceRoles(admin, idOf(person), []);
    await setGroupRoles(admin, { group: id, workspace: admin.workspaceId, roles: ["user"] });
    await addToGroup(admin, { group: id, user: idOf(person) });
    return id;
  };

  test.each<[string, (owner: Context) => Promise<unknown>]>([
    ["leaves the organization", (owner) => removeMember(admin, { user: idOf(owner) })],
    ["loses the workspace", (owner) => setWorkspaceRoles(admin, idOf(owner), [])],
    ["gets a role without agents", (owner) => setWorkspaceRoles(admin, idOf(owner), ["observability_viewer"])],
  ])("who %s passes what they own to an admin, with an audit row and a letter", async (_how, leave) => {
    await setSharing(ada, { agent, ...only(grant(idOf(admin))) });
    await leave(ada);
    expect(await agentOf(admin, agent)).toMatchObject({ ownerId: idOf(admin), grants: [] });
    expect(await audited("agent.pass-on")).toMatchObject([
      { object_id: agent, before: { ownerId: idOf(ada) }, after: { ownerId: idOf(admin) }, clause: "T-4.3-SHARE3" },
    ]);
    expect(await lettersTo(admin)).toMatchObject([{ subject: "You own the agent Planner now" }]);
  });

  test.each<[string, (group: Id<"group">, owner: Context) => Promise<unknown>]>([
    ["is taken out of", (group, owner) => takeFromGroup(admin, { group, user: idOf(owner) })],
    ["goes with", (group) => removeGroup(admin, { group })],
    [
      "has nothing any more through",
      (group) => setGroupRoles(admin, { group, workspace: admin.workspaceId, roles: [] }),
    ],
  ])("who %s the group that let them in passes what they own on", async (_how, leave) => {
    const cy = await somebody();
    const group = await team(cy);
    const theirs = await testAgent(db, cy);
    await leave(group, cy);
    expect((await agentOf(admin, theirs)).ownerId).toBe(idOf(admin));
    expect((await agentOf(ada, agent)).ownerId).toBe(idOf(ada));
  });

  test("who is no organization admin any more, and has no role in the workspace, passes what they own on", async () => {
    const cy = await somebody();
    await setRoles(admin, { user: idOf(cy), roles: ["member", "organization_admin"] });
    await setWorkspaceRoles(admin, idOf(cy), []);
    const theirs = await testAgent(db, cy);
    await setRoles(admin, { user: idOf(cy), roles: ["member"] });
    expect((await agentOf(admin, theirs)).ownerId).toBe(idOf(admin));
  });

  test("leaves nothing behind: what was shared with a person who left is not theirs when they come back", async () => {
    await setSharing(ada, { agent, ...only(grant(idOf(ben), "manage")) });
    await removeMember(admin, { user: idOf(ben) });
    expect((await sharingOf(ada, agent)).grants).toEqual([]);
  });

  test("keeps an agent when anything on the way fails", async () => {
    await sql`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`;
    await sql`create trigger fail before update on agents for each row execute function fail()`;
    await expect(removeMember(admin, { user: idOf(ada) })).rejects.toThrow();
    await sql`drop trigger fail on agents`;
    await sql`drop function fail`;
    expect((await agentOf(ada, agent)).ownerId).toBe(idOf(ada));
  });
});
