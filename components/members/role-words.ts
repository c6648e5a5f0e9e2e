import { type MemberRole, memberRoles, roleTitle, type WorkspaceRole, workspaceRoles } from "#lib/core/access/roles.ts";

const memberHelp: Record<MemberRole, string> = {
  member: "Belongs to the organization; what else they may do, their workspaces say.",
  billing_manager: "Sees cost of every workspace, changes spend limits and the plan.",
  organization_admin: "Everything in the organization, and an admin of every workspace.",
};

const workspaceHelp: Record<WorkspaceRole, string> = {
  user: "Uses the playground.",
  dev: "Makes API keys, and sees usage and the request log.",
  workspace_admin: "Everything in the workspace: its people, keys and limits.",
  observability_viewer: "Sees usage, limits and the request log, and changes nothing.",
};

/** What can be ticked beyond being a member, which everyone is. */
export const memberChoices = memberRoles
  .filter((role) => role !== "member")
  .map((role) => ({ value: role, label: roleTitle(role), help: memberHelp[role] }));

export const workspaceChoices = workspaceRoles.map((role) => ({
  value: role,
  label: roleTitle(role),
  help: workspaceHelp[role],
}));

/** "Organization admin, Billing manager"; "Member" for those who are nothing else. */
export function memberWords(roles: readonly MemberRole[]): string {
  const more = memberRoles.filter((role) => role !== "member" && roles.includes(role)).toReversed();
  return (more.length > 0 ? more : ["member"]).map(roleTitle).join(", ");
}

export const workspaceWords = (roles: readonly WorkspaceRole[]): string => roles.map(roleTitle).join(", ");
