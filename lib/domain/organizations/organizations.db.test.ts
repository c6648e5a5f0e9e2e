import { describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants, inOrganization } from "#lib/core/context.ts";
import { workspaceById } from "#lib/domain/sign-up/provisioning/commands.ts";
import { createOrganization, noteFirstUse, renameOrganization } from "./commands.ts";
import { accessTo, myWorkspaces, organizationOf } from "./queries.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");

async function person(): Promise<AccountContext> {
  const id = newId("user", start);
  const email = `${id}@example.com`;
  await sql`insert into users (id, email, name, created_at) values (${id}, ${email}, 'Ada', ${start})`;
  const permissions = new Set<Permission>(["account.manage", "organization.read"]);
  const actor = { kind: "user", id, name: "Ada", email, sessionId: "ses_test", permissions } as const;
  return acrossTenants({ db, now: start, actor, origin: { address: "198.51.100.1", agent: "vitest" } });
}

async function addWorkspace(organizationId: Id<"organization">, name: string, archivedAt: Date | null = null) {
  const id = newId("workspace", start);
  await sql`insert into workspaces (organization_id, id, name, created_at, archived_at)
    values (${organizationId}, ${id}, ${name}, ${start}, ${archivedAt})`;
  return id;
}

const addMember = (organizationId: string, ctx: AccountContext, roles: string) =>
  sql`insert into members (organization_id, user_id, roles, created_at) values (${organizationId}, ${ctx.actor.id}, ${roles}, ${start})`;

describe("who may enter a workspace", () => {
  test("its founder, as admin of both; no one else, who cannot even tell it exists", async () => {
    const [ada, eve] = [await person(), await person()];
    const home = await createOrganization(ada, "Engines");
    const theirs = await createOrganization(eve, "Others");
    expect((await accessTo(ada, home.workspaceId)).roles).toEqual(["organization_admin", "workspace_admin"]);
    const foreign = await accessTo(ada, theirs.workspaceId).catch(({ problem, message }) => ({ problem, message }));
    const unknown = await accessTo(ada, newId("workspace", start)).catch(({ problem, message }) => ({
      problem,
      message,
    }));
    expect(foreign).toEqual(unknown);
    expect(foreign).toMatchObject({ problem: "not_found" });
  });

  test("organization admins enter every workspace, other members those they were added to", async () => {
    const [ada, bob] = [await person(), await person()];
    const { organizationId, workspaceId } = await createOrganization(ada, "Engines");
    const second = await addWorkspace(organizationId, "Research");
    await addMember(organizationId, bob, "{member}");
    expect((await accessTo(ada, second)).roles).toEqual(["organization_admin"]);
    await expect(accessTo(bob, workspaceId)).rejects.toMatchObject({ problem: "not_found" });
    await sql`insert into workspace_members (organization_id, workspace_id, user_id, roles, created_at)
      values (${organizationId}, ${second}, ${bob.actor.id}, '{dev}', ${start})`;
    expect(await accessTo(bob, second)).toMatchObject({
      organizationId,
      workspaceId: second,
      roles: ["member", "dev"],
    });
    expect((await myWorkspaces(bob)).map(({ workspace }) => workspace.name)).toEqual(["Research"]);
    expect((await myWorkspaces(ada)).map(({ workspace }) => workspace.name)).toEqual(["Default", "Research"]);
  });

  test("no one enters an archived one, nor one they were removed from", async () => {
    const ada = await person();
    const { organizationId, workspaceId } = await createOrganization(ada, "Engines");
    const archived = await addWorkspace(organizationId, "Old", start);
    await expect(accessTo(ada, archived)).rejects.toMatchObject({ problem: "not_found" });
    await sql`delete from members where user_id = ${ada.actor.id}`;
    await expect(accessTo(ada, workspaceId)).rejects.toMatchObject({ problem: "not_found" });
    expect(await myWorkspaces(ada)).toEqual([]);
  });

  test("a visitor is asked to sign in", async () => {
    const ada = await person();
    const { workspaceId } = await createOrganization(ada, "Engines");
    const visitor: AccountContext = {
      ...ada,
      actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set() },
    };
    await expect(accessTo(visitor, workspaceId)).rejects.toMatchObject({ problem: "unauthenticated" });
    await expect(createOrganization(visitor, "X")).rejects.toMatchObject({ problem: "unauthenticated" });
  });
});

test("T-1-EFF: the first use is kept once", async () => {
  const ada = await person();
  const { organizationId } = await createOrganization(ada, "Engines");
  await noteFirstUse({ ...inOrganization(ada, organizationId), now: addMinutes(start, 1) });
  await noteFirstUse({ ...inOrganization(ada, organizationId), now: addMinutes(start, 2) });
  const [row] =
    await sql`select first_use_at = ${addMinutes(start, 1)} as kept from organizations where id = ${organizationId}`;
  expect(row?.kept).toBe(true);
});

test("the operator acts for the founder, and for another admin once the founder has left", async () => {
  const [ada, bob] = [await person(), await person()];
  const { organizationId, workspaceId } = await createOrganization(ada, "Engines");
  await addMember(organizationId, bob, "{member,organization_admin}");
  const permissions = new Set<Permission>(["system.operate"]);
  const operator: AccountContext = { ...ada, actor: { kind: "system", id: "t", name: "T", permissions } };
  expect(await workspaceById(operator, workspaceId)).toMatchObject({ organizationId, userId: ada.actor.id });
  await sql`delete from members where organization_id = ${organizationId} and user_id = ${ada.actor.id}`;
  expect(await workspaceById(operator, workspaceId)).toMatchObject({ userId: bob.actor.id });
});

test("an organization is renamed by its admins, and the audit log has both names", async () => {
  const ada = await person();
  const { organizationId } = await createOrganization(ada, "Engines");
  const admin = inOrganization(ada, organizationId);
  await expect(renameOrganization(admin, { name: "Looms" })).rejects.toMatchObject({ problem: "forbidden" });
  const permissions = new Set<Permission>(["organization.read", "organization.write"]);
  await renameOrganization({ ...admin, actor: { ...ada.actor, permissions } }, { name: "Looms" });
  expect(await organizationOf(admin)).toMatchObject({ name: "Looms" });
  const [audit] = await sql`select before, after from audit_events where action = 'organization.rename'
    and organization_id = ${organizationId}`;
  expect(audit).toEqual({ before: { name: "Engines" }, after: { name: "Looms" } });
});
