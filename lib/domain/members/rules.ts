import type { Id } from "#db/id.ts";
import type { MemberRole, WorkspaceRole } from "#lib/core/access/roles.ts";

type Administrators = { userId: string; roles: readonly MemberRole[] };

/** An organization always has a person who runs it: whether it would have no one, were this person something else. */
export function leavesNoAdmin(
  members: readonly Administrators[],
  userId: string,
  becoming: readonly MemberRole[],
): boolean {
  if (becoming.includes("organization_admin")) return false;
  const admins = members.filter(({ roles }) => roles.includes("organization_admin"));
  return admins.length > 0 && admins.every((admin) => admin.userId === userId);
}

type Candidate = {
  userId: Id<"user">;
  roles: readonly MemberRole[];
  workspaceRoles: readonly WorkspaceRole[];
  since: Date;
};

/** Who gets what a person leaves behind in a workspace: its longest-serving admin, or else the organization's. */
export function heirOf(candidates: readonly Candidate[], leaver: Id<"user">): Id<"user"> | null {
  const others = candidates
    .filter(({ userId }) => userId !== leaver)
    .toSorted((a, b) => a.since.getTime() - b.since.getTime() || (a.userId < b.userId ? -1 : 1));
  const heir =
    others.find(({ workspaceRoles }) => workspaceRoles.includes("workspace_admin")) ??
    others.find(({ roles }) => roles.includes("organization_admin"));
  return heir?.userId ?? null;
}

/** What the list of members can be sorted by, and its order when nothing is said. */
export const memberSorts = ["name", "email", "since"] as const;
export const memberOrder = "name";
