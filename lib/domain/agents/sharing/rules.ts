import type { GrantLevel } from "#db/schema/agents.ts";
import { roleTitle } from "#lib/core/access/roles.ts";
import { type AgentFacts, may, rightsOf } from "#lib/domain/agents/rules.ts";
import {
  type NamedStanding,
  type Path,
  pathsOf,
  type Reached,
  type Right,
  reachedThrough,
  rights,
  type SharingStanding,
} from "#lib/domain/sharing/rules.ts";

/** What each level lets a person do, to end "they may …". */
export const levelWords: Record<GrantLevel, string> = {
  use: "use it",
  edit: "use and change it",
  manage: "use, change, share and delete it",
};

/** Who gets to use an agent and to change it by another sharing of it. What is not published yet counts as if it were. */
export function reachedBy(people: readonly NamedStanding[], before: AgentFacts, after: AgentFacts): Reached {
  const version = before.version ?? 0;
  return reachedThrough(people, (who, right, agent) => may(who, right, { ...agent, version }), before, after);
}

export type Explanation = {
  rights: Right[];
  /** Every way by which they reach it, one sentence each. */
  because: string[];
  /** Why they cannot use it, where they cannot. */
  whyNot: string | null;
};

type Asked = {
  standing: SharingStanding;
  /** What the person is in the organization and the workspace. */
  roles: readonly string[];
  agent: AgentFacts;
  placeName: string;
  planName: string;
  groupNames: ReadonlyMap<string, string>;
};

/** Why a person can use an agent, or why not (T-4.3-SHARE3), in sentences about "they". */
export function explanationOf(asked: Asked): Explanation {
  const found = rightsOf(asked.standing, asked.agent);
  const paths = pathsOf(asked.standing, asked.agent).filter((path) => leadsAnywhere(path, asked.agent));
  return {
    rights: rights.filter((right) => found.has(right)),
    because: found.size === 0 ? [] : paths.map((path) => pathWords(path, asked)),
    whyNot: found.has("use") ? null : refusalWords(asked),
  };
}

/** What is shared for use only is not there before something is published. */
const leadsAnywhere = (path: Path, { version }: AgentFacts): boolean =>
  version !== null || !(path.kind === "workspace" || (path.kind === "grant" && path.level === "use"));

function pathWords(path: Path, { standing, roles, placeName, groupNames }: Asked): string {
  if (path.kind === "owner") return "They own it.";
  if (path.kind === "workspace") return `Everyone in ${placeName} may use it.`;
  if (path.kind === "admin") {
    const role = roles.includes("workspace_admin") ? "workspace_admin" : "organization_admin";
    return `They are ${role === "workspace_admin" ? `a workspace admin of ${placeName}` : `an ${roleTitle(role).toLowerCase()}`}.`;
  }
  if (path.subjectId === standing.subject) return `It is shared with them by name: they may ${levelWords[path.level]}.`;
  const group = groupNames.get(path.subjectId) ?? "of theirs";
  return `They are a member of the group ${group}, which may ${levelWords[path.level]}.`;
}

function refusalWords({ standing, roles, agent, placeName, planName }: Asked): string {
  const isInside = roles.some((role) => !["member", "billing_manager"].includes(role));
  if (!isInside) return `They are not in the workspace ${placeName}.`;
  if (!standing.mayUse) return `Their role in ${placeName} does not include agents.`;
  if (agent.version === null) return "Nothing of it is published yet: only those who may change it see it.";
  if (!standing.hasSharing) return `The ${planName} plan does not include sharing agents: only its owner can use it.`;
  return "It is shared with those named only, and neither they nor a group of theirs is among them.";
}
