import { beforeEach, describe, expect, test } from "vitest";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { openPlayground } from "#lib/domain/keys/playground/commands.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { accessTo, myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { openAuthenticator } from "#lib/gateway/authentication/authenticator.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { archiveWorkspace, createWorkspace, renameWorkspace, restoreWorkspace } from "./commands.ts";
import { archiveEffect, workspaceOf, workspacesOf } from "./queries.ts";

const { db, sql, url } = await testDatabase();
const draft = { name: "k", scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: null };
const problem = (code: string) => ({ problem: code });

let admin: Context;
beforeEach(async () => {
  admin = await testWorkspace(db);
});

const withRoles = (ctx: Context, roles: string[]): Context => ({
  ...ctx,
  actor: { ...ctx.actor, permissions: permissionsOf(rolePermissions, roles) },
});
const audited = async (action: string) =>
  sql`select after from audit_events where organization_id = ${admin.organizationId} and action = ${action}`;

/** The admin inside another workspace of theirs. */
async function second(name = "Research"): Promise<Context> {
  return inWorkspace(admin, (await createWorkspace(admin, { name })).id);
}

test("the person who makes a workspace runs it; names differ, and a name is free again once its workspace is archived", async () => {
  const research = await second();
  expect((await accessTo(admin, research.workspaceId)).roles).toContain("workspace_admin");
  await expect(createWorkspace(admin, { name: "RESEARCH" })).rejects.toMatchObject({
    fields: { name: [expect.any(String)] },
  });
  await archiveWorkspace(admin, { workspace: research.workspaceId });
  await createWorkspace(admin, { name: "Research" });
  await expect(restoreWorkspace(admin, { workspace: research.workspaceId })).rejects.toMatchObject(problem("conflict"));
});

test("a workspace is renamed by its own admin, not by others, and not to a name that is taken", async () => {
  const research = await second();
  const boss = await testWorkspace(db, { within: research, roles: ["workspace_admin"] });
  expect(await renameWorkspace(boss, "Laboratory")).toMatchObject({ name: "Laboratory" });
  await expect(renameWorkspace(boss, "default")).rejects.toMatchObject(problem("conflict"));
  const dev = await testWorkspace(db, { within: research, roles: ["dev"] });
  await expect(renameWorkspace(dev, "Mine")).rejects.toMatchObject(problem("forbidden"));
});

describe("archiving", () => {
  test("the default workspace is refused", async () => {
    await expect(archiveWorkspace(admin, { workspace: admin.workspaceId })).rejects.toMatchObject({
      code: "default_workspace",
    });
    expect(await accessTo(admin, admin.workspaceId)).toBeTruthy();
  });

  test("says beforehand what stops, and the audit row keeps it", async () => {
    const research = await second();
    await testWorkspace(db, { within: research, roles: ["dev"] });
    await createKey(research, { ...draft, monthlyLimit: pico(1_000_000_000_000n) });
    await createKey(research, draft);
    await setWorkspaceLimit(research, { limit: pico(5_000_000_000_000n) });
    await openPlayground(research);
    const stopped = { keys: 2, callers: 1, people: 2, limits: 2 };
    expect(await archiveEffect(admin, research.workspaceId)).toEqual(stopped);
    await archiveWorkspace(admin, { workspace: research.workspaceId });
    expect(await audited("workspace.archive")).toMatchObject([{ after: { stopped } }]);
  });

  test("its pages are gone and its keys refused on /v1 in under a second, with the reason; restoring brings both back", async () => {
    const research = await second();
    const { secret } = await createKey(research, draft);
    const other = connect(url);
    const news = await openChangeFeed(other.sql);
    const gate = openAuthenticator(other.sql, news);
    const refusal = async () => {
      try {
        await gate.authenticate(secret, "127.0.0.1");
        return "admitted";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await refusal()).toBe("admitted");
    const begun = performance.now();
    await archiveWorkspace(admin, { workspace: research.workspaceId });
    await expect.poll(refusal, { interval: 10, timeout: 1000 }).toMatch(/workspace is archived.*admin can restore it/);
    expect(performance.now() - begun).toBeLessThan(1000);
    await expect(accessTo(admin, research.workspaceId)).rejects.toMatchObject(problem("not_found"));
    await restoreWorkspace(admin, { workspace: research.workspaceId });
    await expect.poll(refusal, { interval: 10, timeout: 1000 }).toBe("admitted");
    expect(await accessTo(admin, research.workspaceId)).toBeTruthy();
    await news.close();
    await other.sql.end();
  });

  test.each([
    ["a workspace admin", ["member", "workspace_admin"]],
    ["a billing manager", ["member", "billing_manager"]],
    ["a developer", ["member", "dev"]],
  ])("is refused to %s, as is making and restoring workspaces", async (_name, roles) => {
    const research = await second();
    const ben = withRoles(await testWorkspace(db, { within: research, roles: ["user"] }), roles);
    for (const asked of [
      () => archiveWorkspace(ben, { workspace: research.workspaceId }),
      () => restoreWorkspace(ben, { workspace: research.workspaceId }),
      () => archiveEffect(ben, research.workspaceId),
      () => createWorkspace(ben, { name: "Mine" }),
    ]) {
      await expect(asked()).rejects.toMatchObject(problem("forbidden"));
    }
  });
});

test("workspaces of another organization are not found", async () => {
  const foreign = await testWorkspace(db);
  const { id } = await createWorkspace(foreign, { name: "Theirs" });
  for (const asked of [
    () => workspaceOf(admin, id),
    () => archiveWorkspace(admin, { workspace: id }),
    () => restoreWorkspace(admin, { workspace: id }),
    () => archiveEffect(admin, id),
    () => renameWorkspace(inWorkspace(admin, id), "Ours"),
  ]) {
    await expect(asked()).rejects.toMatchObject(problem("not_found"));
  }
  expect((await workspacesOf(foreign)).map(({ name }) => name)).toEqual(["Default", "Theirs"]);
});

test("an admin lists all workspaces, archived ones too; others only those they are in", async () => {
  const research = await second();
  await second("Old").then((old) => archiveWorkspace(admin, { workspace: old.workspaceId }));
  const ben = await testWorkspace(db, { within: research, roles: ["user"] });
  expect((await workspacesOf(admin)).map(({ name, archivedAt }) => [name, archivedAt !== null])).toEqual([
    ["Default", false],
    ["Old", true],
    ["Research", false],
  ]);
  expect((await workspacesOf(ben)).map(({ name }) => name)).toEqual(["Research"]);
  expect((await myWorkspaces(ben)).map(({ workspace }) => workspace.name)).toEqual(["Research"]);
  await expect(workspaceOf(ben, admin.workspaceId)).rejects.toMatchObject(problem("not_found"));
});
