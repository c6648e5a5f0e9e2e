import { and, asc, eq, isNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { members, organizations, workspaces } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { LimitStanding } from "#lib/domain/limits/rules.ts";
import { membersIn } from "#lib/domain/members/queries.ts";

/** What a limit is on, as a letter names it, and the workspace it belongs to. */
export type Subject = {
  organizationId: Id<"organization">;
  name: string;
  /** For the organization: its default workspace, where its limit can be changed. */
  workspaceId: Id<"workspace">;
  ownerId: Id<"user"> | null;
  scope: LimitStanding["scope"];
};

/** What a limit is on; null when it is archived meanwhile, because no one needs to hear of it then. */
export async function subjectOf(
  ctx: OrganizationContext,
  { scope, scopeId }: Pick<LimitStanding, "scope" | "scopeId">,
): Promise<Subject | null> {
  authorize(ctx.actor, "limits.read");
  const { organizationId } = ctx;
  const within = and(eq(workspaces.organizationId, organizationId), isNull(workspaces.archivedAt));
  if (scope === "key") {
    const [key] = await ctx.db
      .select({ name: keys.name, workspaceId: keys.workspaceId, ownerId: keys.ownerId })
      .from(keys)
      .innerJoin(workspaces, and(within, eq(workspaces.id, keys.workspaceId)))
      .where(and(eq(keys.organizationId, organizationId), eq(keys.id, scopeId as Id<"key">)));
    return key ? { organizationId, scope, ...key } : null;
  }
  const its = scope === "workspace" ? eq(workspaces.id, scopeId as Id<"workspace">) : eq(workspaces.isDefault, true);
  const [place] = await ctx.db
    .select({ workspace: workspaces.name, organization: organizations.name, workspaceId: workspaces.id })
    .from(workspaces)
    .innerJoin(organizations, eq(organizations.id, workspaces.organizationId))
    .where(and(within, its));
  if (!place) return null;
  return { organizationId, scope, name: place[scope], workspaceId: place.workspaceId, ownerId: null };
}

/** Who is written to: those who run the organization or its bills, the workspace's admins, and a key's owner. */
export async function recipientsOf(
  ctx: OrganizationContext,
  subject: Subject,
): Promise<{ email: string; name: string }[]> {
  authorize(ctx.actor, "limits.read");
  const rows = await membersIn(ctx, subject.workspaceId).orderBy(asc(members.createdAt), asc(users.id));
  return rows
    .filter(
      ({ id, roles, workspaceRoles }) =>
        roles.includes("organization_admin") ||
        roles.includes("billing_manager") ||
        (subject.scope !== "organization" && workspaceRoles.includes("workspace_admin")) ||
        id === subject.ownerId,
    )
    .map(({ email, name }) => ({ email, name }));
}
