import { and, asc, count, desc, eq, ilike, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agents } from "#db/schema/agents.ts";
import { keys } from "#db/schema/keys.ts";
import { groupMembers, groupRoles, groups, members, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { isWorkspacePermission, type WorkspaceRole } from "#lib/core/access/roles.ts";
import type { Grantor } from "#lib/core/access/words.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { pageSize } from "#lib/core/list/rules.ts";
import { isLive } from "#lib/domain/workspaces/queries.ts";
import type { MemberFilter } from "./input.ts";
import { leavesNoAdmin, memberOrder } from "./rules.ts";
import type { MemberView, Person, Place, RemovalEffect } from "./view.ts";

const rolesIn = (workspaceId: Id<"workspace"> | typeof workspaces.id) =>
  sql<WorkspaceRole[]>`workspace_roles(${members.organizationId}, ${workspaceId}, ${members.userId})`;

const shown = {
  id: users.id,
  name: users.name,
  email: users.email,
  roles: members.roles,
  since: members.createdAt,
};

function select(ctx: OrganizationContext, only?: SQL) {
  return ctx.db
    .select(shown)
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, ctx.organizationId), only))
    .$dynamic();
}

/** Everyone of the organization, with what they are there and in a workspace. */
export const membersIn = ({ db, organizationId }: OrganizationContext, workspaceId: Id<"workspace">) =>
  db
    .select({ ...shown, workspaceRoles: rolesIn(workspaceId) })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.organizationId, organizationId))
    .$dynamic();

const named = (q: string) => or(ilike(users.name, containing(q)), ilike(users.email, containing(q)));

function matching({ q, role, workspace }: MemberFilter): SQL | undefined {
  return and(
    q ? named(q) : undefined,
    role && role !== "member" ? sql`${role} = any(${members.roles})` : undefined,
    role === "member" ? sql`not ${members.roles} && array['billing_manager', 'organization_admin']` : undefined,
    workspace
      ? or(sql`'organization_admin' = any(${members.roles})`, sql`cardinality(${rolesIn(workspace)}) > 0`)
      : undefined,
  );
}

const byColumn = { name: nameKey(users.name), email: nameKey(users.email), since: instantKey(members.createdAt) };

export type MemberPage = Omit<ListPage<MemberView>, "rows"> & { members: MemberView[] };

/** A page of the organization's people, and their workspaces as far as the reader may know of them. */
export async function membersOf(ctx: OrganizationContext, filter: MemberFilter): Promise<MemberPage> {
  authorize(ctx.actor, "members.read");
  const matches = and(eq(members.organizationId, ctx.organizationId), matching(filter));
  const { rows, ...place } = await keysetPage(
    filter,
    { keys: byColumn, first: memberOrder, id: users.id },
    {
      find: (part) =>
        ctx.db
          .select({ ...shown, place: part.place })
          .from(members)
          .innerJoin(users, eq(users.id, members.userId))
          .where(and(matches, part.where))
          .orderBy(...part.order)
          .limit(part.limit),
      count: (sums) => ctx.db.select(sums).from(members).innerJoin(users, eq(users.id, members.userId)).where(matches),
    },
  );
  const placed = await placesOf(
    ctx,
    rows.map(({ id }) => id),
  );
  const page = rows.map(({ place: _place, ...row }) => ({ ...row, workspaces: placed.get(row.id) ?? [] }));
  return { ...place, members: page };
}

/** The first people by name, of all or of those a search finds, to choose one of them. */
export async function peopleChoices(
  ctx: OrganizationContext,
  { q, id }: { q?: string | undefined; id?: Id<"user"> | undefined } = {},
): Promise<Person[]> {
  authorize(ctx.actor, "members.read");
  return select(ctx, and(id ? eq(users.id, id) : undefined, q ? named(q) : undefined))
    .orderBy(asc(byName), asc(users.id))
    .limit(pageSize);
}

const byName = sql`lower(${users.name})`;

export async function memberOf(ctx: OrganizationContext, id: Id<"user">): Promise<MemberView> {
  authorize(ctx.actor, "members.read");
  const [row] = await select(ctx, eq(members.userId, id));
  if (!row) throw new AppError("not_found", "There is no such member in this organization.");
  return { ...row, workspaces: (await placesOf(ctx, [id])).get(id) ?? [] };
}

/** Where people work, and through what. A person who runs nothing learns only of the workspaces they are in themselves. */
async function placesOf(ctx: OrganizationContext, ids: readonly Id<"user">[]): Promise<Map<string, Place[]>> {
  const found = new Map<string, Place[]>();
  if (ids.length === 0) return found;
  const mine = sql`cardinality(workspace_roles(workspace.organization_id, workspace.id, ${ctx.actor.id})) > 0`;
  const rows = await ctx.db.execute<Given>(sql`
    select workspace.id as "workspaceId", workspace.name as "workspaceName", given.*
    from ${workspaces} as workspace
    join lateral (
      select user_id as "userId", roles, null as "groupId", null as "groupName" from ${workspaceMembers} as own
        where own.organization_id = workspace.organization_id and own.workspace_id = workspace.id
      union all
      select member.user_id, carried.roles, team.id, team.name from ${groupRoles} as carried
        join ${groups} as team on team.organization_id = carried.organization_id and team.id = carried.group_id
        join ${groupMembers} as member
          on member.organization_id = carried.organization_id and member.group_id = carried.group_id
        where carried.organization_id = workspace.organization_id and carried.workspace_id = workspace.id
    ) as given on true
    where workspace.organization_id = ${ctx.organizationId} and workspace.archived_at is null
      and "userId" in ${[...ids]} ${can(ctx.actor, "members.write") ? sql`` : sql`and ${mine}`}
    order by workspace.is_default desc, lower(workspace.name), workspace.id, lower("groupName")`);
  for (const row of rows) {
    const places = found.get(row.userId) ?? [];
    found.set(row.userId, places);
    add(places, row);
  }
  return found;
}

type Given = {
  userId: Id<"user">;
  workspaceId: Id<"workspace">;
  workspaceName: string;
  roles: WorkspaceRole[];
  groupId: Id<"group"> | null;
  groupName: string | null;
};

function add(places: Place[], { workspaceId: id, workspaceName: name, roles, groupId, groupName }: Given): void {
  let place = places.find((place) => place.id === id);
  if (!place) {
    place = { id, name, own: [], groups: [] };
    places.push(place);
  }
  if (groupId === null) place.own = roles;
  else place.groups.push({ id: groupId, name: groupName ?? "", roles });
}

/** What ends or passes on with a person's membership, for the dialog that asks; the last organization admin has to stay. */
export async function removalEffect(ctx: OrganizationContext, id: Id<"user">): Promise<RemovalEffect> {
  authorize(ctx.actor, "members.read");
  if (id !== ctx.actor.id) authorize(ctx.actor, "members.write");
  const [row] = await ctx.db
    .select({ keys: count() })
    .from(keys)
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        eq(keys.ownerId, id),
        eq(keys.purpose, "api"),
        isNull(keys.revokedAt),
        isLive(ctx),
      ),
    );
  const [owned] = await ctx.db
    .select({ agents: count() })
    .from(agents)
    .where(and(eq(agents.organizationId, ctx.organizationId), eq(agents.ownerId, id)));
  const administrators = await ctx.db
    .select({ userId: members.userId, roles: members.roles })
    .from(members)
    .where(and(eq(members.organizationId, ctx.organizationId), sql`'organization_admin' = any(${members.roles})`));
  return { keys: row?.keys ?? 0, agents: owned?.agents ?? 0, isLastAdmin: leavesNoAdmin(administrators, id, []) };
}

/** Who can give a permission here: the organization's admins, and this workspace's where one of its roles carries it. */
export async function grantorsOf(ctx: Context, permission: Permission): Promise<Grantor[]> {
  authorize(ctx.actor, "account.manage");
  const isAdmin = sql`'organization_admin' = any(${members.roles})`;
  const runsHere = sql`'workspace_admin' = any(${rolesIn(ctx.workspaceId)})`;
  return ctx.db
    .select({
      name: users.name,
      role: sql<string>`case when ${isAdmin} then 'organization_admin' else 'workspace_admin' end`,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.organizationId, ctx.organizationId),
        isWorkspacePermission(permission) ? or(isAdmin, runsHere) : isAdmin,
      ),
    )
    .orderBy(desc(isAdmin), asc(members.createdAt), asc(users.name));
}
