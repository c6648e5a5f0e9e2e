import { beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { removeMember, setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { raisersOf } from "#lib/domain/limits/queries.ts";
import { grantorsOf, memberOf } from "#lib/domain/members/queries.ts";
import { accessTo, myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { createWorkspace } from "#lib/domain/workspaces/commands.ts";
import { openAuthenticator } from "#lib/gateway/authentication/authenticator.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { addToGroup, createGroup, removeGroup, renameGroup, setGroupRoles, takeFromGroup } from "./commands.ts";
import { groupOf, groupsOf } from "./queries.ts";

const { db, sql } = await testDatabase();
const draft = { name: "k", scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: null };
const problem = (code: string) => ({ problem: code });
const idOf = (ctx: Context) => ctx.actor.id as Id<"user">;

let admin: Context;
let ben: Context;
let research: Id<"workspace">;
let team: Id<"group">;
beforeEach(async () => {
  admin = await testWorkspace(db);
  ben = await testWorkspace(db, { within: admin, roles: ["user"] });
  research = (await createWorkspace(admin, { name: "Research" })).id;
  team = (await createGroup(admin, { name: "Data team" })).id;
});

const rolesOf = async (workspaceId: Id<"workspace">) => (await accessTo(ben, workspaceId)).roles;

test("what a person may do is what they are themselves and what their groups are, added up", async () => {
  await addToGroup(admin, { group: team, user: idOf(ben) });
  await setGroupRoles(admin, { group: team, workspace: admin.workspaceId, roles: ["dev"] });
  expect(await rolesOf(admin.workspaceId)).toEqual(["member", "dev", "user"]);
  await expect(accessTo(ben, research)).rejects.toMatchObject(problem("not_found"));
  await setGroupRoles(admin, { group: team, workspace: research, roles: ["observability_viewer"] });
  const other = (await createGroup(admin, { name: "Leads" })).id;
  await addToGroup(admin, { group: other, user: idOf(ben) });
  await setGroupRoles(admin, { group: other, workspace: research, roles: ["workspace_admin", "observability_viewer"] });
  expect(await rolesOf(research)).toEqual(["member", "observability_viewer", "workspace_admin"]);
  expect((await myWorkspaces(ben)).map(({ workspace }) => workspace.name)).toEqual(["Default", "Research"]);
  expect((await memberOf(admin, idOf(ben))).workspaces).toMatchObject([
    { name: "Default", own: ["user"], groups: [{ name: "Data team", roles: ["dev"] }] },
    { name: "Research", own: [], groups: [{ name: "Data team" }, { name: "Leads" }] },
  ]);
});

test.each([
  ["taking somebody out", () => takeFromGroup(admin, { group: team, user: idOf(ben) })],
  ["giving the group no role any more", () => setGroupRoles(admin, { group: team, workspace: research, roles: [] })],
  ["removing the group", () => removeGroup(admin, { group: team })],
])("%s ends what the group gave, and nothing else", async (_name, work) => {
  await addToGroup(admin, { group: team, user: idOf(ben) });
  await setGroupRoles(admin, { group: team, workspace: research, roles: ["dev"] });
  expect(await rolesOf(research)).toContain("dev");
  await work();
  await expect(accessTo(ben, research)).rejects.toMatchObject(problem("not_found"));
  expect(await rolesOf(admin.workspaceId)).toEqual(["member", "user"]);
});

test("the person who runs a workspace through a group is named where its limits and permissions are asked about", async () => {
  await sql`update users set name = 'Ben' where id = ${idOf(ben)}`;
  await addToGroup(admin, { group: team, user: idOf(ben) });
  const inside = inWorkspace(admin, research);
  expect(await raisersOf(inside, "workspace")).toEqual(["Test Person"]);
  await setGroupRoles(admin, { group: team, workspace: research, roles: ["workspace_admin"] });
  expect(await raisersOf(inside, "workspace")).toEqual(["Test Person", "Ben"]);
  expect(await grantorsOf(inside, "keys.write")).toContainEqual({ name: "Ben", role: "workspace_admin" });
});

test("a key is good while a group lets its owner into the workspace, and refused within a second when none does", async () => {
  await addToGroup(admin, { group: team, user: idOf(ben) });
  await setGroupRoles(admin, { group: team, workspace: research, roles: ["dev"] });
  const inside = inWorkspace(ben, research);
  const dev = { ...inside, actor: { ...ben.actor, permissions: permissionsOf(rolePermissions, ["member", "dev"]) } };
  const { secret } = await createKey(dev, draft);
  const news = await openChangeFeed(sql);
  const gate = openAuthenticator(sql, news);
  const refusal = async () => {
    try {
      await gate.authenticate(secret, "127.0.0.1");
      return "admitted";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(await refusal()).toBe("admitted");
  await takeFromGroup(admin, { group: team, user: idOf(ben) });
  await expect.poll(refusal, { interval: 10, timeout: 1000 }).toMatch(/owner left its workspace/);
  await addToGroup(admin, { group: team, user: idOf(ben) });
  await expect.poll(refusal, { interval: 10, timeout: 1000 }).toBe("admitted");
  await setGroupRoles(admin, { group: team, workspace: research, roles: [] });
  await expect.poll(refusal, { interval: 10, timeout: 1000 }).toMatch(/owner left its workspace/);
  await news.close();
});

test("who is removed from the organization is in none of its groups any more", async () => {
  await addToGroup(admin, { group: team, user: idOf(ben) });
  await removeMember(admin, { user: idOf(ben) });
  expect((await groupOf(admin, team)).people).toEqual([]);
});

test("names differ, whatever the case", async () => {
  await expect(createGroup(admin, { name: "DATA TEAM" })).rejects.toMatchObject({
    fields: { name: [expect.any(String)] },
  });
  const { id } = await createGroup(admin, { name: "Leads" });
  await expect(renameGroup(admin, { group: id, name: "data team" })).rejects.toMatchObject(problem("conflict"));
  expect(await renameGroup(admin, { group: id, name: "LEADS" })).toMatchObject({ name: "LEADS" });
});

test("only organization admins make and change groups", async () => {
  const boss = await testWorkspace(db, { within: admin, roles: ["workspace_admin"] });
  for (const ctx of [ben, boss]) {
    for (const asked of [
      () => createGroup(ctx, { name: "Mine" }),
      () => renameGroup(ctx, { group: team, name: "Mine" }),
      () => removeGroup(ctx, { group: team }),
      () => addToGroup(ctx, { group: team, user: idOf(ctx) }),
      () => takeFromGroup(ctx, { group: team, user: idOf(ctx) }),
      () => setGroupRoles(ctx, { group: team, workspace: admin.workspaceId, roles: ["workspace_admin"] }),
    ]) {
      await expect(asked()).rejects.toMatchObject(problem("forbidden"));
    }
  }
  expect((await groupsOf(ben)).map(({ name }) => name)).toEqual(["Data team"]);
});

test("groups, people and workspaces of another organization are not found", async () => {
  const foreign = await testWorkspace(db);
  const theirs = (await createGroup(foreign, { name: "Theirs" })).id;
  for (const asked of [
    () => groupOf(admin, theirs),
    () => renameGroup(admin, { group: theirs, name: "Ours" }),
    () => removeGroup(admin, { group: theirs }),
    () => addToGroup(admin, { group: theirs, user: idOf(admin) }),
    () => addToGroup(admin, { group: team, user: idOf(foreign) }),
    () => setGroupRoles(admin, { group: theirs, workspace: admin.workspaceId, roles: ["dev"] }),
    () => setGroupRoles(admin, { group: team, workspace: foreign.workspaceId, roles: ["dev"] }),
  ]) {
    await expect(asked()).rejects.toMatchObject(problem("not_found"));
  }
  expect(await groupsOf(foreign)).toMatchObject([{ name: "Theirs", people: [], grants: [] }]);
});

test("a member who makes no groups does not learn of workspaces they are not in", async () => {
  await setGroupRoles(admin, { group: team, workspace: research, roles: ["dev"] });
  await setGroupRoles(admin, { group: team, workspace: admin.workspaceId, roles: ["dev"] });
  expect((await groupOf(ben, team)).grants.map(({ workspaceName }) => workspaceName)).toEqual(["Default"]);
  await setWorkspaceRoles(admin, idOf(ben), []);
  expect((await groupOf(ben, team)).grants).toEqual([]);
});
