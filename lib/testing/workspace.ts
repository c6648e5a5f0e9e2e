import type { Db } from "#db/client.ts";
import { newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { members, organizations, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { tenantDb } from "#db/tenant.ts";
import { type MemberRole, permissionsOf, rolePermissions, type WorkspaceRole } from "#lib/core/access/roles.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { acrossTenants, inOrganization, inWorkspace } from "#lib/core/context.ts";

type Options = { within?: Context; roles?: WorkspaceRole[]; plan?: "free" | "paid" };

/** For tests, as the database shows it to people: a person in a workspace of their own, or one more person, with these roles, in a person's. */
export async function testWorkspace(
  db: Db,
  { within, roles = ["workspace_admin"], plan = "paid" }: Options = {},
): Promise<Context> {
  const at = now();
  const userId = newId("user", at);
  const email = `${userId}@example.com`;
  await db.insert(users).values({ id: userId, email, name: "Test Person", createdAt: at });
  const organizationId = within?.organizationId ?? newId("organization", at);
  const workspaceId = within?.workspaceId ?? newId("workspace", at);
  const memberRoles: MemberRole[] = within ? ["member"] : ["organization_admin"];
  if (!within) {
    await db
      .insert(organizations)
      .values({ id: organizationId, name: "Test", plan, registrationEmail: email, createdBy: userId, createdAt: at });
    await db
      .insert(workspaces)
      .values({ organizationId, id: workspaceId, name: "Default", isDefault: true, createdAt: at });
  }
  await db.insert(members).values({ organizationId, userId, roles: memberRoles, createdAt: at });
  await db.insert(workspaceMembers).values({ organizationId, workspaceId, userId, roles, createdAt: at });
  const permissions = permissionsOf(rolePermissions, [...memberRoles, ...roles]);
  const actor = {
    kind: "user" as const,
    id: userId,
    name: "Test Person",
    email,
    sessionId: newId("session", at),
    permissions,
  };
  const seen = tenantDb({ organizationId, userId });
  const parts = { db: seen, now: at, actor, origin: { address: "127.0.0.1", agent: "vitest" } };
  return inWorkspace(inOrganization(acrossTenants(parts), organizationId), workspaceId);
}
