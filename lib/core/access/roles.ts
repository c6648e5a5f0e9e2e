import type { Permission } from "./permissions.ts";

/** What each role may do. Roles add up; whatever is not listed is refused. */
export const rolePermissions = {
  member: ["account.manage", "organization.read", "members.read", "models.read", "help.read", "help.write"],
  billing_manager: [
    "account.manage",
    "organization.read",
    "members.read",
    "models.read",
    "usage.read",
    "usage.read-organization",
    "limits.read",
    "limits.write",
    "limits.write-organization",
    "rates.request",
    "plan.write",
    "billing.read",
    "billing.write",
    "orders.read",
    "contract.read",
    "help.read",
    "help.write",
  ],
  organization_admin: [
    "account.manage",
    "organization.read",
    "members.read",
    "zero-retention.request",
    "organization.write",
    "members.invite",
    "members.write",
    "groups.write",
    "admin-keys.write",
    "workspaces.write",
    "workspace.write",
    "workspace.write-members",
    "terms.accept",
    "contract.read",
    "contract.terminate",
    "contract.resume",
    "contract.export",
    "workspace.read",
    "keys.read",
    "keys.write",
    "keys.write-any",
    "usage.read",
    "usage.read-organization",
    "requests.read",
    "limits.read",
    "limits.write",
    "limits.write-organization",
    "rates.request",
    "rates.write-workspace",
    "plan.write",
    "billing.read",
    "billing.write",
    "orders.read",
    "models.read",
    "playground.use",
    "agents.read",
    "agents.use",
    "agents.write",
    "conversations.use",
    "files.read",
    "files.write",
    "batch.read",
    "batch.write",
    "fine-tuning.read",
    "fine-tuning.write",
    "tuned-models.write",
    "models.trial",
    "assistance.grant",
    "transfers.sign",
    "organization.write-contact",
    "audit.read",
    "audit.read-organization",
    "privacy.read",
    "suspensions.appeal",
    "webhooks.read",
    "webhooks.write",
    "integrations.read",
    "integrations.write",
    "integrations.restrict",
    "help.read",
    "help.write",
    "help.write-organization",
  ],
  user: [
    "workspace.read",
    "models.read",
    "playground.use",
    "agents.read",
    "agents.use",
    "agents.write",
    "conversations.use",
  ],
  dev: [
    "workspace.read",
    "models.read",
    "playground.use",
    "agents.read",
    "agents.use",
    "agents.write",
    "conversations.use",
    "files.read",
    "files.write",
    "batch.read",
    "batch.write",
    "fine-tuning.read",
    "fine-tuning.write",
    "tuned-models.write",
    "models.trial",
    "keys.read",
    "keys.write",
    "usage.read",
    "requests.read",
    "limits.read",
    "integrations.read",
    "integrations.write",
  ],
  workspace_admin: [
    "workspace.read",
    "models.read",
    "playground.use",
    "agents.read",
    "agents.use",
    "agents.write",
    "conversations.use",
    "files.read",
    "files.write",
    "batch.read",
    "batch.write",
    "fine-tuning.read",
    "fine-tuning.write",
    "tuned-models.write",
    "models.trial",
    "keys.read",
    "keys.write",
    "keys.write-any",
    "usage.read",
    "requests.read",
    "limits.read",
    "limits.write",
    "rates.request",
    "rates.write-workspace",
    "workspace.write",
    "workspace.write-members",
    "integrations.read",
    "integrations.write",
  ],
  observability_viewer: ["workspace.read", "models.read", "usage.read", "requests.read", "limits.read", "audit.read"],
} as const satisfies Record<string, readonly Permission[]>;

/** What a key can be given; a key never does more than its scopes say. */
export const scopePermissions = {
  "models:read": ["models.read"],
  "completions:create": ["completions.create"],
  "embeddings:create": ["embeddings.create"],
  "agents:use": ["agents.read", "agents.use"],
  "agents:write": ["agents.read", "agents.write"],
  "conversations:use": ["conversations.use"],
  "files:read": ["files.read"],
  "files:write": ["files.read", "files.write"],
  "batch:read": ["batch.read", "files.read"],
  "batch:write": ["batch.read", "batch.write", "files.read"],
  "fine-tuning:read": ["fine-tuning.read"],
  "fine-tuning:write": ["fine-tuning.read", "fine-tuning.write", "tuned-models.write"],
} as const satisfies Record<string, readonly Permission[]>;

/** Visitors without a session. */
export const anonymousPermissions = ["account.open"] as const satisfies readonly Permission[];

export type MemberRole = "member" | "billing_manager" | "organization_admin";
export type WorkspaceRole = "user" | "dev" | "workspace_admin" | "observability_viewer";
export type Scope = keyof typeof scopePermissions;

export const scopes = Object.keys(scopePermissions) as Scope[];

/** The union of what the roles give; an unknown role gives nothing. */
export function permissionsOf(
  table: Readonly<Record<string, readonly Permission[]>>,
  names: readonly string[],
): ReadonlySet<Permission> {
  return new Set(names.flatMap((name) => table[name] ?? []));
}

const titles: Record<MemberRole | WorkspaceRole, string> = {
  member: "Member",
  billing_manager: "Billing manager",
  organization_admin: "Organization admin",
  user: "User",
  dev: "Developer",
  workspace_admin: "Workspace admin",
  observability_viewer: "Observability viewer",
};

export const roleTitle = (role: string): string => titles[role as MemberRole] ?? role;

/** The roles that carry a permission, for "ask an organization admin". */
export function rolesWith(permission: Permission): string[] {
  const table: Record<string, readonly Permission[]> = rolePermissions;
  return Object.keys(table)
    .filter((role) => table[role]?.includes(permission))
    .map(roleTitle);
}

export const memberRoles = ["member", "billing_manager", "organization_admin"] as const satisfies readonly MemberRole[];
export const workspaceRoles = [
  "user",
  "dev",
  "workspace_admin",
  "observability_viewer",
] as const satisfies readonly WorkspaceRole[];

/** Whether a role in a workspace gives it, so that the workspace's admins can give it too. */
export const isWorkspacePermission = (permission: Permission): boolean =>
  workspaceRoles.some((role) => (rolePermissions[role] as readonly Permission[]).includes(permission));
