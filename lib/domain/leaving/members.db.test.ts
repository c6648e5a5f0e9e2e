import { beforeEach, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import { type MemberRole, permissionsOf, rolePermissions, type WorkspaceRole } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { openPlayground } from "#lib/domain/keys/playground/commands.ts";
import { memberFilter } from "#lib/domain/members/input.ts";
import { grantorsOf, memberOf, membersOf, peopleChoices, removalEffect } from "#lib/domain/members/queries.ts";
import { accessTo } from "#lib/domain/organizations/queries.ts";
import { openAuthenticator } from "#lib/gateway/authentication/authenticator.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { addToWorkspace, leaveOrganization, removeMember, setRoles, setWorkspaceRoles } from "./commands.ts";

const { db, sql, url } = await testDatabase();
const draft = {
  name: "k",
  scopes: ["completions:create" as const],
  models: null,
  addresses: null,
  expiresInDays: null,
};

let admin: Context;
beforeEach(async () => {
  admin = await testWorkspace(db);
});

const idOf = (ctx: Context) => ctx.actor.id as Id<"user">;
const somebody = (roles: WorkspaceRole[] = ["dev"]) => testWorkspace(db, { within: admin, roles });
const withRoles = (ctx: Context, roles: string[]): Context => ({
  ...ctx,
  actor: { ...ctx.actor, permissions: permissionsOf(rolePermissions, roles) },
});
const adminsOf = async () =>
  (
    await sql`select user_id from members where organization_id = ${admin.organizationId} and 'organization_admin' = any(roles)`
  ).length;
const auditOf = async (action: string) =>
  sql`select object_id, before, after from audit_events where organization_id = ${admin.organizationId} and action = ${action}`;

const problem = (code: string) => ({ problem: code });

describe("roles", () => {
  test("an admin changes what a person is in the organization, and the change is audited", async () => {
    const ben = await somebody();
    const after = await setRoles(admin, { user: idOf(ben), roles: ["member", "billing_manager"] });
    expect(after.roles).toEqual(["member", "billing_manager"]);
    expect((await accessTo(ben, admin.workspaceId)).roles).toContain("billing_manager");
    expect(await auditOf("member.set-roles")).toMatchObject([
      { object_id: idOf(ben), before: { roles: ["member"] }, after: { roles: ["member", "billing_manager"] } },
    ]);
  });

  test("a workspace admin says who works in their workspace; no one else but an organization admin may", async () => {
    const [boss, ben] = [await somebody(["workspace_admin"]), await somebody(["user"])];
    await setWorkspaceRoles(boss, idOf(ben), ["dev"]);
    expect((await accessTo(ben, admin.workspaceId)).roles).toEqual(["member", "dev"]);
    await setWorkspaceRoles(admin, idOf(ben), []);
    await expect(accessTo(ben, admin.workspaceId)).rejects.toMatchObject(problem("not_found"));
    await expect(setWorkspaceRoles(ben, idOf(ben), ["workspace_admin"])).rejects.toMatchObject(problem("forbidden"));
    await expect(setRoles(boss, { user: idOf(boss), roles: ["organization_admin"] })).rejects.toMatchObject(
      problem("forbidden"),
    );
  });

  test.each([
    ["a plain member", ["member", "user"]],
    ["a developer", ["member", "dev"]],
    ["a billing manager", ["member", "billing_manager"]],
    ["a workspace admin", ["member", "workspace_admin"]],
  ])("%s cannot change roles, nor remove anybody", async (_name, roles) => {
    const [ben, target] = [withRoles(await somebody(["user"]), roles), await somebody()];
    await expect(setRoles(ben, { user: idOf(ben), roles: ["organization_admin"] })).rejects.toMatchObject(
      problem("forbidden"),
    );
    await expect(removeMember(ben, { user: idOf(target) })).rejects.toMatchObject(problem("forbidden"));
    expect(await memberOf(admin, idOf(target))).toMatchObject({ id: idOf(target) });
  });

  test("a person who is in a workspace already is not let in again as something less", async () => {
    const [boss, ben] = [await somebody(["workspace_admin"]), await somebody(["dev"])];
    await expect(addToWorkspace(boss, idOf(ben), ["user"])).rejects.toMatchObject(problem("conflict"));
    expect((await accessTo(ben, admin.workspaceId)).roles).toEqual(["member", "dev"]);
    await setWorkspaceRoles(admin, idOf(ben), []);
    const tries = ["user", "dev"].map((role) => addToWorkspace(boss, idOf(ben), [role as WorkspaceRole]));
    expect((await Promise.allSettled(tries)).map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("people of another organization are not found, whatever is asked about them", async () => {
    const foreign = await testWorkspace(db);
    expect(await peopleChoices(admin, { id: idOf(foreign) })).toEqual([]);
    expect((await peopleChoices(admin, { q: "test" })).map(({ id }) => id)).not.toContain(idOf(foreign));
    for (const asked of [
      () => memberOf(admin, idOf(foreign)),
      () => setRoles(admin, { user: idOf(foreign), roles: ["member"] }),
      () => setWorkspaceRoles(admin, idOf(foreign), ["user"]),
      () => addToWorkspace(admin, idOf(foreign), ["user"]),
      () => removeMember(admin, { user: idOf(foreign) }),
      () => setWorkspaceRoles(inWorkspace(admin, foreign.workspaceId), idOf(admin), ["user"]),
    ]) {
      await expect(asked()).rejects.toMatchObject(problem("not_found"));
    }
    expect(await memberOf(foreign, idOf(foreign))).toMatchObject({ roles: ["organization_admin"] });
  });
});

describe("the last organization admin", () => {
  test("can neither leave, nor be removed, nor be made something else", async () => {
    await somebody(["workspace_admin"]);
    for (const asked of [
      () => leaveOrganization(admin),
      () => removeMember(admin, { user: idOf(admin) }),
      () => setRoles(admin, { user: idOf(admin), roles: ["member", "billing_manager"] }),
    ]) {
      await expect(asked()).rejects.toMatchObject({ problem: "conflict", code: "last_admin" });
    }
    expect(await adminsOf()).toBe(1);
    expect(await removalEffect(admin, idOf(admin))).toMatchObject({ isLastAdmin: true });
  });

  test("of two who leave, demote or remove each other at the same instant, one remains", async () => {
    for (const pairs of [
      [leaveOrganization, leaveOrganization],
      [(ctx: Context) => setRoles(ctx, { user: idOf(ctx), roles: ["member"] }), leaveOrganization],
    ]) {
      admin = await testWorkspace(db);
      const second = await somebody();
      const roles: MemberRole[] = ["member", "organization_admin"];
      await setRoles(admin, { user: idOf(second), roles });
      const [first, other] = pairs;
      const outcomes = await Promise.allSettled([first?.(admin), other?.(second)]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(await adminsOf()).toBe(1);
    }
  });
});

describe("removing a person", () => {
  test("T-4.3-SHARE3: ends their keys, the playground's too, in the same transaction, and is audited with what ended", async () => {
    const ben = await somebody();
    const [one, two] = [await createKey(ben, draft), await createKey(ben, draft)];
    await openPlayground(ben);
    const agent = await testAgent(db, ben);
    expect(await removalEffect(admin, idOf(ben))).toEqual({ keys: 2, agents: 1, isLastAdmin: false });
    expect(await removeMember(admin, { user: idOf(ben) })).toEqual({ userId: idOf(ben), keys: 2 });
    const live = await sql`select id from keys where owner_id = ${idOf(ben)} and revoked_at is null`;
    expect(live).toHaveLength(0);
    const ended = (await auditOf("api_key.revoke")).map(({ object_id }) => object_id);
    expect(ended.toSorted()).toEqual([one.id, two.id].toSorted());
    expect(await auditOf("member.remove")).toMatchObject([
      { before: { roles: ["member"] }, after: { keysRevoked: 2, heirs: [{ userId: idOf(admin) }] } },
    ]);
    expect((await agentOf(admin, agent)).ownerId).toBe(idOf(admin));
    const letters =
      await sql`select kind from letters where recipient = (select email from users where id = ${idOf(ben)})`;
    expect(letters).toMatchObject([{ kind: "members.removed" }]);
  });

  test("ends their access on their next request, and on /v1 in under a second in a process that remembers their key", async () => {
    const ben = await somebody();
    const { secret } = await createKey(ben, draft);
    const playground = await openPlayground(ben);
    const other = connect(url);
    const news = await openChangeFeed(other.sql);
    const gate = openAuthenticator(other.sql, news);
    const refusal = async (asked: string) => {
      try {
        await gate.authenticate(asked, "127.0.0.1");
        return "admitted";
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (const asked of [secret, playground.secret]) expect(await refusal(asked)).toBe("admitted");
    await accessTo(ben, admin.workspaceId);
    const begun = performance.now();
    await removeMember(admin, { user: idOf(ben) });
    await expect(accessTo(ben, admin.workspaceId)).rejects.toMatchObject(problem("not_found"));
    for (const asked of [secret, playground.secret]) {
      await expect.poll(() => refusal(asked), { interval: 10, timeout: 1000 }).toMatch(/revoked/);
    }
    expect(performance.now() - begun).toBeLessThan(1000);
    await news.close();
    await other.sql.end();
  });

  test("a failure on the way removes nothing and ends no key", async () => {
    const ben = await somebody();
    const { id } = await createKey(ben, draft);
    await sql`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`;
    await sql`create trigger fail before delete on members for each row execute function fail()`;
    await expect(removeMember(admin, { user: idOf(ben) })).rejects.toThrow();
    await sql`drop trigger fail on members`;
    const [key] = await sql`select revoked_at from keys where id = ${id}`;
    expect(key?.revoked_at).toBeNull();
    expect(await memberOf(admin, idOf(ben))).toMatchObject({ id: idOf(ben) });
  });

  test("a member leaves by themselves", async () => {
    const ben = await somebody(["user"]);
    await leaveOrganization(ben);
    await expect(memberOf(admin, idOf(ben))).rejects.toMatchObject(problem("not_found"));
    expect(await auditOf("member.leave")).toHaveLength(1);
  });

  test("a key stops when its owner may no longer enter its workspace, and works again when they may", async () => {
    const ben = await somebody();
    const { secret } = await createKey(ben, draft);
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
    await setWorkspaceRoles(admin, idOf(ben), []);
    await expect.poll(refusal, { interval: 10, timeout: 1000 }).toMatch(/owner left its workspace/);
    await setWorkspaceRoles(admin, idOf(ben), ["dev"]);
    await expect.poll(refusal, { interval: 10, timeout: 1000 }).toBe("admitted");
    await news.close();
  });
});

describe("the list", () => {
  const all = memberFilter.parse({});

  test("shows an admin where everyone works, and others only the workspaces they are in themselves", async () => {
    const ben = await somebody(["user"]);
    const [admins, theirs] = [await membersOf(admin, all), await membersOf(ben, all)];
    expect(admins.members.map(({ workspaces }) => workspaces.map(({ name }) => name))).toEqual([
      ["Default"],
      ["Default"],
    ]);
    expect(theirs.members).toHaveLength(2);
    await setWorkspaceRoles(admin, idOf(ben), []);
    expect((await membersOf(ben, all)).members.flatMap(({ workspaces }) => workspaces)).toEqual([]);
  });

  test("finds by name, address, role and workspace, and takes signs literally", async () => {
    const ben = await somebody();
    await sql`update users set name = 'Ben 100%_', email = 'ben@engines.example' where id = ${idOf(ben)}`;
    const found = async (sent: object) =>
      (await membersOf(admin, memberFilter.parse(sent))).members.map(({ name }) => name);
    expect(await found({ q: "engines" })).toEqual(["Ben 100%_"]);
    expect(await found({ q: "100%_" })).toEqual(["Ben 100%_"]);
    expect(await found({ q: "%" })).toEqual(["Ben 100%_"]);
    expect(await found({ role: "organization_admin" })).toEqual(["Test Person"]);
    expect(await found({ role: "member" })).toEqual(["Ben 100%_"]);
    await setWorkspaceRoles(admin, idOf(ben), []);
    expect(await found({ workspace: admin.workspaceId })).toEqual(["Test Person"]);
    expect(await found({ role: "owner", workspace: "ws_x" })).toHaveLength(2);
  });

  test("goes on beyond fifty, forth and back, without leaving anyone out", async () => {
    for (let i = 0; i < 60; i++) await somebody(["user"]);
    const first = await membersOf(admin, all);
    expect(first.members).toHaveLength(50);
    expect(first.before).toBeNull();
    const second = await membersOf(admin, memberFilter.parse({ after: first.after }));
    expect(second.members).toHaveLength(11);
    expect(second.after).toBeNull();
    expect(new Set([...first.members, ...second.members].map(({ id }) => id)).size).toBe(61);
    const back = await membersOf(admin, memberFilter.parse({ before: second.before }));
    expect(back.members.map(({ id }) => id)).toEqual(first.members.map(({ id }) => id));
  });
});

test("who can grant a permission: organization admins, and the workspace's own where one of its roles has it", async () => {
  const boss = await somebody(["workspace_admin"]);
  const user = await somebody(["user"]);
  await sql`update users set name = 'Ada' where id = ${idOf(admin)}`;
  await sql`update users set name = 'Boss' where id = ${idOf(boss)}`;
  const [ada, there] = [
    { name: "Ada", role: "organization_admin" },
    { name: "Boss", role: "workspace_admin" },
  ];
  expect(await grantorsOf(user, "keys.write")).toEqual([ada, there]);
  expect(await grantorsOf(user, "workspaces.write")).toEqual([ada]);
  const foreign = await testWorkspace(db);
  expect(await grantorsOf(inWorkspace(user, foreign.workspaceId), "keys.write")).toEqual([ada]);
});
