import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { createKey, revokeKey } from "#lib/domain/keys/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "./commands.ts";
import { keyStanding, keyStandings, limitNews, limitsOf, raisersOf, standings } from "./queries.ts";

const { db, sql } = await testDatabase();
const euros = (amount: number) => pico(BigInt(Math.round(amount * 1_000_000)) * 1_000_000n);
const draft = { name: "k", scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: null };

let ctx: Context;
beforeEach(async () => {
  ctx = await testWorkspace(db);
});

/** As a person with these roles in the workspace, and no others. */
const as = async (roles: Parameters<typeof testWorkspace>[1] & object) => testWorkspace(db, { within: ctx, ...roles });
const withRoles = (ctx: Context, roles: string[]): Context => ({
  ...ctx,
  actor: { ...ctx.actor, permissions: permissionsOf(rolePermissions, roles) },
});

test("workspace admins limit their workspace and its keys, not the organization", async () => {
  const admin = withRoles(await as({ roles: ["workspace_admin"] }), ["member", "workspace_admin"]);
  const { id } = await createKey(ctx, draft);
  await setWorkspaceLimit(admin, { limit: euros(1) });
  await setKeyLimit(admin, { id, period: "month", limit: euros(1) });
  await expect(setOrganizationLimit(admin, { limit: euros(1) })).rejects.toThrow(/Billing manager, Organization admin/);
});

test("billing managers set all three", async () => {
  const billing = withRoles(await as({ roles: ["observability_viewer"] }), ["billing_manager", "observability_viewer"]);
  const { id } = await createKey(ctx, draft);
  await setOrganizationLimit(billing, { limit: euros(3) });
  await setWorkspaceLimit(billing, { limit: euros(2) });
  await setKeyLimit(billing, { id, period: "month", limit: euros(1) });
  expect((await limitsOf(billing)).map(({ scope, limitPico }) => [scope, limitPico])).toEqual([
    ["organization", euros(3)],
    ["workspace", euros(2)],
    ["key", euros(1)],
  ]);
});

test("developers limit their own keys, from the moment they make them", async () => {
  const dev = await as({ roles: ["dev"] });
  const mine = await createKey(dev, { ...draft, monthlyLimit: euros(5) });
  expect((await keyStanding(dev, mine.id)).month.limitPico).toBe(euros(5));
  await setKeyLimit(dev, { id: mine.id, period: "lifetime", limit: euros(9) });
  const theirs = await createKey(ctx, draft);
  await expect(setKeyLimit(dev, { id: theirs.id, period: "month", limit: null })).rejects.toMatchObject({
    problem: "forbidden",
  });
  await expect(setWorkspaceLimit(dev, { limit: null })).rejects.toMatchObject({ problem: "forbidden" });
});

test("users see no limits, only that requests are refused and who can raise the limit", async () => {
  const user = await as({ roles: ["user"] });
  await as({ roles: ["workspace_admin"] });
  await setWorkspaceLimit(ctx, { limit: euros(0) });
  await expect(standings(user)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(keyStandings(user, [])).rejects.toMatchObject({ problem: "forbidden" });
  expect(await limitNews(user)).toEqual({ reached: ["workspace"], near: null });
  expect(await raisersOf(user, "workspace")).toHaveLength(2);
  expect(await raisersOf(user, "organization")).toHaveLength(1);
});

test("what belongs to others is not found, and what has ended is not limited", async () => {
  const foreign = await testWorkspace(db);
  const theirs = await createKey(foreign, draft);
  await expect(setKeyLimit(ctx, { id: theirs.id, period: "month", limit: null })).rejects.toMatchObject({
    problem: "not_found",
  });
  await expect(keyStanding(ctx, theirs.id)).rejects.toMatchObject({ problem: "not_found" });
  const elsewhere = inWorkspace(ctx, foreign.workspaceId);
  await expect(setWorkspaceLimit(elsewhere, { limit: null })).rejects.toMatchObject({ problem: "not_found" });
  const { id } = await createKey(ctx, draft);
  await revokeKey(ctx, { id });
  await expect(setKeyLimit(ctx, { id, period: "month", limit: euros(1) })).rejects.toMatchObject({
    problem: "conflict",
  });
  await sql`update workspaces set archived_at = now() where id = ${ctx.workspaceId}`;
  await expect(setWorkspaceLimit(ctx, { limit: euros(1) })).rejects.toMatchObject({ problem: "not_found" });
});
