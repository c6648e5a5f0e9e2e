import type { AgentContent, GrantLevel } from "#db/schema/agents.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";

/** What a person may do with an agent. `manage` is sharing, renaming, passing on and deleting it. */
export const rights = ["see", "use", "edit", "manage"] as const;
export type Right = (typeof rights)[number];

/** A person as an agent of a workspace sees them: a person there, or one of its service keys. */
export type AgentStanding = {
  workspaceId: string;
  /** The person's id, or the service key's. */
  subject: string;
  groups: readonly string[];
  /** Their role in the workspace lets them use agents at all. */
  mayUse: boolean;
  /** Their role lets them build agents. */
  mayBuild: boolean;
  /** Runs the workspace or the organization, and so answers for every agent in it. */
  isAdmin: boolean;
  /** The plan includes sharing (T-4.3-SHARE1). */
  hasSharing: boolean;
};

type Person = Pick<AgentStanding, "workspaceId" | "subject" | "groups" | "hasSharing"> & {
  /** What they are in the organization, and in the workspace of their own and through groups. */
  roles: readonly string[];
};

/** How a person stands, from what they are; a person without a role in the workspace may nothing there. */
export function standingFrom({ roles, ...person }: Person): AgentStanding {
  const permissions = permissionsOf(rolePermissions, roles);
  return {
    ...person,
    mayUse: permissions.has("agents.use"),
    mayBuild: permissions.has("agents.write"),
    isAdmin: roles.includes("workspace_admin") || roles.includes("organization_admin"),
  };
}

export type Grant = { subjectId: string; level: GrantLevel };

/** What of an agent decides who may do what with it. */
export type AgentFacts = {
  workspaceId: string;
  ownerId: string;
  visibility: "workspace" | "restricted";
  /** Null: nothing is published yet. */
  version: number | null;
  grants: readonly Grant[];
};

/** How a right came to a person. `grant` names whose: their own or a group's. */
export type Path =
  | { kind: "owner" }
  | { kind: "admin" }
  | { kind: "workspace" }
  | { kind: "grant"; subjectId: string; level: GrantLevel };

/**
 * Every way by which a person reaches an agent (T-4.3-SHARE2, T-4.3-SHARE3). On a plan without sharing an agent is its
 * owner's alone (T-4.3-SHARE1); the admins can still remove it or pass it on, because they answer for it.
 */
export function pathsOf(who: AgentStanding, agent: AgentFacts): Path[] {
  if (who.workspaceId !== agent.workspaceId || !who.mayUse) return [];
  const paths: Path[] = [];
  if (agent.ownerId === who.subject) paths.push({ kind: "owner" });
  if (who.isAdmin) paths.push({ kind: "admin" });
  if (!who.hasSharing) return paths;
  for (const { subjectId, level } of agent.grants) {
    if (subjectId === who.subject || who.groups.includes(subjectId)) paths.push({ kind: "grant", subjectId, level });
  }
  if (agent.visibility === "workspace") paths.push({ kind: "workspace" });
  return paths;
}

const given: Record<GrantLevel, readonly Right[]> = {
  use: ["see", "use"],
  edit: ["see", "use", "edit"],
  manage: rights,
};

/** What one way gives. */
function rightsBy(path: Path, { hasSharing }: AgentStanding): readonly Right[] {
  if (path.kind === "owner") return rights;
  if (path.kind === "admin") return hasSharing ? rights : ["see", "manage"];
  return given[path.kind === "grant" ? path.level : "use"];
}

/** Everything a person may do with an agent; nothing at all where they must not even know of it. */
export function rightsOf(who: AgentStanding, agent: AgentFacts): ReadonlySet<Right> {
  const found = new Set(pathsOf(who, agent).flatMap((path) => rightsBy(path, who)));
  if (!who.mayBuild) found.delete("edit");
  if (!who.mayBuild) found.delete("manage");
  if (agent.version === null) {
    found.delete("use");
    if (!found.has("edit") && !found.has("manage")) found.delete("see");
  }
  return found;
}

/** Whether a person may do this with an agent. */
export const may = (who: AgentStanding, what: Right, agent: AgentFacts): boolean => rightsOf(who, agent).has(what);

/** What a draft or an import begins with. */
export const emptyContent = (model: string): AgentContent => ({
  model,
  description: null,
  instructions: null,
  examples: [],
  tools: [],
  completion_args: {},
  handoffs: null,
  metadata: null,
});
