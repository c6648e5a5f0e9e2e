import { and, desc, eq, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { adminKeys } from "#db/schema/keys.ts";
import { members } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { adminKeyPermissions, isEnded } from "./rules.ts";
import type { AdminKeyView } from "./view.ts";

const shown = {
  id: adminKeys.id,
  name: adminKeys.name,
  access: adminKeys.access,
  first4: adminKeys.first4,
  last4: adminKeys.last4,
  maker: users.name,
  makersRoles: sql<string[]>`coalesce(${members.roles}, '{}')`,
  createdAt: adminKeys.createdAt,
  expiresAt: adminKeys.expiresAt,
  revokedAt: adminKeys.revokedAt,
  lastUsedAt: adminKeys.lastUsedAt,
};

function select(ctx: OrganizationContext) {
  return ctx.db
    .select(shown)
    .from(adminKeys)
    .innerJoin(users, eq(users.id, adminKeys.createdBy))
    .leftJoin(
      members,
      and(eq(members.organizationId, adminKeys.organizationId), eq(members.userId, adminKeys.createdBy)),
    )
    .where(eq(adminKeys.organizationId, ctx.organizationId))
    .orderBy(desc(adminKeys.id));
}

type Row = Awaited<ReturnType<typeof select>>[number];

/** The organization's admin keys, the newest first; none of them can be read again. */
export async function adminKeysOf(ctx: OrganizationContext): Promise<AdminKeyView[]> {
  authorize(ctx.actor, "admin-keys.write");
  const rows = await select(ctx);
  return rows.map(({ makersRoles, ...row }) => ({ ...row, state: stateOf({ makersRoles, ...row }, ctx.now) }));
}

function stateOf(row: Row, now: Date): AdminKeyView["state"] {
  if (isEnded(row, now)) return "ended";
  return adminKeyPermissions(row.makersRoles).size > 0 ? "active" : "powerless";
}
