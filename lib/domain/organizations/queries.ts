import { and, asc, count, desc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { members, organizations, workspaces } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { MemberRole, WorkspaceRole } from "#lib/core/access/roles.ts";
import type { OrganizationStatus } from "#lib/core/access/status.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

/** How an organization stands at an instant: an agreement that has come to its end is over, whether or not a job has been there. */
export const statusAt = (at: Date): SQL<OrganizationStatus> =>
  sql<OrganizationStatus>`status_at(${organizations.id}, ${organizations.status}, ${at.toISOString()}::timestamptz)`;

export type WorkspaceAccess = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  status: OrganizationStatus;
  firstUseAt: Date | null;
  roles: (MemberRole | WorkspaceRole)[];
};

/** Whether this person may enter a workspace, and as what. Foreign, archived and unknown look the same. */
export async function accessTo(ctx: AccountContext, workspaceId: Id<"workspace">): Promise<WorkspaceAccess> {
  authorize(ctx.actor, "account.manage");
  const [row] = await entered(ctx, eq(workspaces.id, workspaceId));
  if (!row) throw new AppError("not_found", "There is no such workspace, or you are not a member of it.");
  const { organizationId, status, firstUseAt, memberRoles, workspaceRoles } = row;
  return { organizationId, workspaceId, status, firstUseAt, roles: [...memberRoles, ...workspaceRoles] };
}

export type WorkspaceChoice = {
  organization: { id: Id<"organization">; name: string };
  workspace: { id: Id<"workspace">; name: string };
};

/** Every workspace this person may enter, the default one of each organization first: the switcher's list. */
export async function myWorkspaces(ctx: AccountContext): Promise<WorkspaceChoice[]> {
  authorize(ctx.actor, "account.manage");
  const rows = await entered(ctx);
  return rows.map(({ organizationId, organizationName, workspaceId, workspaceName }) => ({
    organization: { id: organizationId, name: organizationName },
    workspace: { id: workspaceId, name: workspaceName },
  }));
}

export type OrganizationView = Pick<typeof organizations.$inferSelect, "id" | "name" | "customerType" | "createdAt">;

/** The organization itself, for the pages about it. */
export async function organizationOf(ctx: OrganizationContext): Promise<OrganizationView> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db
    .select({
      id: organizations.id,
      name: organizations.name,
      customerType: organizations.customerType,
      createdAt: organizations.createdAt,
    })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (!row) throw new AppError("not_found", "This organization is gone.");
  return row;
}

/** The organizations this person is a member of, also those with no workspace open to them. */
export async function myOrganizations(ctx: AccountContext): Promise<{ id: Id<"organization">; name: string }[]> {
  authorize(ctx.actor, "account.manage");
  return ctx.db
    .select({ id: organizations.id, name: organizations.name })
    .from(members)
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(eq(members.userId, personOf(ctx.actor).id))
    .orderBy(asc(members.createdAt), asc(organizations.id));
}

/** What a member is in a workspace, of their own and through groups. */
const rolesThere = sql<
  WorkspaceRole[]
>`workspace_roles(${workspaces.organizationId}, ${workspaces.id}, ${members.userId})`;

/** Organization admins see all workspaces of theirs; everyone else those where they are something. */
const isOpenToMember = or(sql`'organization_admin' = any(${members.roles})`, sql`cardinality(${rolesThere}) > 0`);

/** The one place that says which workspaces are open to which one. */
function entered(ctx: AccountContext, only?: SQL) {
  const mine = eq(members.userId, personOf(ctx.actor).id);
  return ctx.db
    .select({
      organizationId: organizations.id,
      organizationName: organizations.name,
      status: statusAt(ctx.now),
      firstUseAt: organizations.firstUseAt,
      workspaceId: workspaces.id,
      workspaceName: workspaces.name,
      memberRoles: members.roles,
      workspaceRoles: rolesThere,
    })
    .from(members)
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .innerJoin(workspaces, eq(workspaces.organizationId, members.organizationId))
    .where(and(mine, isNull(workspaces.archivedAt), isOpenToMember, only))
    .orderBy(asc(members.createdAt), asc(organizations.id), desc(workspaces.isDefault), asc(workspaces.name));
}

export type Founded = { standing: number; lately: number };

/** The organizations a person has founded: those they are in, and those of the last days, also where they were deleted. */
export async function foundedBy(ctx: AccountContext, days: number): Promise<Founded> {
  authorize(ctx.actor, "account.manage");
  const { id } = personOf(ctx.actor);
  const since = addDays(ctx.now, -days).toISOString();
  const [founded] = await ctx.db
    .select({ standing: count(), lately: sql<number>`foundings(${id}, ${since}::timestamptz)` })
    .from(organizations)
    .innerJoin(members, eq(members.organizationId, organizations.id))
    .where(and(eq(members.userId, id), eq(organizations.createdBy, id)));
  return founded ?? { standing: 0, lately: 0 };
}
