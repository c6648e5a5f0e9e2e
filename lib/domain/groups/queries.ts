import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { groupMembers, groupRoles, groups, workspaces } from "#db/schema/organizations.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { GroupView } from "./view.ts";

/** Every group with its people, and what they are where; archived workspaces are left out. */
export async function groupsOf(ctx: OrganizationContext): Promise<GroupView[]> {
  authorize(ctx.actor, "members.read");
  return views(ctx);
}

export async function groupOf(ctx: OrganizationContext, id: Id<"group">): Promise<GroupView> {
  authorize(ctx.actor, "members.read");
  const [found] = await views(ctx, id);
  if (!found) throw new AppError("not_found", "There is no such group in this organization.");
  return found;
}

async function views(ctx: OrganizationContext, id?: Id<"group">): Promise<GroupView[]> {
  const here = eq(groups.organizationId, ctx.organizationId);
  const [rows, people, grants] = await Promise.all([
    ctx.db
      .select({ id: groups.id, name: groups.name, createdAt: groups.createdAt })
      .from(groups)
      .where(and(here, id && eq(groups.id, id)))
      .orderBy(asc(sql`lower(${groups.name})`), asc(groups.id)),
    peopleIn(ctx, id),
    grantsOf(ctx, id),
  ]);
  return rows.map((row) => ({
    ...row,
    people: people.filter(({ groupId }) => groupId === row.id).map(({ groupId: _, ...person }) => person),
    grants: grants.filter(({ groupId }) => groupId === row.id).map(({ groupId: _, ...grant }) => grant),
  }));
}

const peopleIn = (ctx: OrganizationContext, id?: Id<"group">) =>
  ctx.db
    .select({ groupId: groupMembers.groupId, id: users.id, name: users.name, email: users.email })
    .from(groupMembers)
    .innerJoin(users, eq(users.id, groupMembers.userId))
    .where(and(eq(groupMembers.organizationId, ctx.organizationId), id && eq(groupMembers.groupId, id)))
    .orderBy(asc(sql`lower(${users.name})`), asc(users.id));

/** A person who makes no groups learns only of the workspaces they are in themselves. */
function grantsOf(ctx: OrganizationContext, id?: Id<"group">) {
  const mine: SQL | undefined = can(ctx.actor, "groups.write")
    ? undefined
    : sql`cardinality(workspace_roles(${workspaces.organizationId}, ${workspaces.id}, ${ctx.actor.id})) > 0`;
  return ctx.db
    .select({
      groupId: groupRoles.groupId,
      workspaceId: workspaces.id,
      workspaceName: workspaces.name,
      roles: groupRoles.roles,
    })
    .from(groupRoles)
    .innerJoin(
      workspaces,
      and(eq(workspaces.organizationId, groupRoles.organizationId), eq(workspaces.id, groupRoles.workspaceId)),
    )
    .where(
      and(
        eq(groupRoles.organizationId, ctx.organizationId),
        isNull(workspaces.archivedAt),
        id && eq(groupRoles.groupId, id),
        mine,
      ),
    )
    .orderBy(asc(sql`lower(${workspaces.name})`), asc(workspaces.id));
}
