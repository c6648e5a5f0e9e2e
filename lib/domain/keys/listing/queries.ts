import { and, desc, eq, ilike, ne, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type KeyState, stateOf } from "#lib/core/api-keys/lifetime.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing, searchable } from "#lib/core/list/like.ts";

const shown = {
  id: keys.id,
  name: keys.name,
  isService: sql<boolean>`${keys.purpose} = 'service'`,
  browser: keys.browser,
  first4: keys.first4,
  last4: keys.last4,
  createdAt: keys.createdAt,
  expiresAt: keys.expiresAt,
  revokedAt: keys.revokedAt,
  revokedReason: keys.revokedReason,
  successorId: keys.successorId,
  lastUsedAt: keys.lastUsedAt,
  workspaceId: keys.workspaceId,
  workspaceName: workspaces.name,
  ownerName: users.name,
};

type Asked = { limit: number; offset: number; name?: string | undefined };
function select(ctx: OrganizationContext, only?: SQL) {
  return ctx.db
    .select(shown)
    .from(keys)
    .innerJoin(workspaces, and(eq(workspaces.organizationId, keys.organizationId), eq(workspaces.id, keys.workspaceId)))
    .innerJoin(users, eq(users.id, keys.ownerId))
    .where(and(eq(keys.organizationId, ctx.organizationId), ne(keys.purpose, "playground"), only))
    .orderBy(desc(keys.id))
    .$dynamic();
}

export type OrganizationKey = Awaited<ReturnType<typeof select>>[number] & { state: KeyState };

/** The keys of every workspace, newest first, by a part of the name or the last four characters. */
export async function organizationKeys(
  ctx: OrganizationContext,
  { limit, offset, name }: Asked,
): Promise<OrganizationKey[]> {
  authorize(ctx.actor, "keys.write-any");
  const only = name ? or(ilike(keys.name, containing(name)), eq(keys.last4, searchable(name))) : undefined;
  const rows = await select(ctx, only).limit(limit).offset(offset);
  return rows.map((row) => ({ ...row, state: stateOf(row, ctx.now) }));
}

export async function organizationKey(ctx: OrganizationContext, id: Id<"key">): Promise<OrganizationKey> {
  authorize(ctx.actor, "keys.write-any");
  const [row] = await select(ctx, eq(keys.id, id));
  if (!row) throw new AppError("not_found", "There is no such key in this organization.");
  return { ...row, state: stateOf(row, ctx.now) };
}
