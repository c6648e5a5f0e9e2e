import type { GrantLevel } from "#db/schema/agents.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Sharing } from "./input.ts";
import type { SharingChoices } from "./view.ts";

/** What a person may do with a thing that is shared. `manage` is sharing, renaming, passing on and deleting it. */
export const rights = ["see", "use", "edit", "manage"] as const;
export type Right = (typeof rights)[number];

/** A person as the shared things of a workspace see them: a person there, or one of its service keys. */
export type SharingStanding = {
  workspaceId: string;
  /** The person's id, or the service key's. */
  subject: string;
  groups: readonly string[];
  /** Their role in the workspace lets them use such things at all. */
  mayUse: boolean;
  /** Their role lets them build such things. */
  mayBuild: boolean;
  /** Runs the workspace or the organization, and so answers for everything in it. */
  isAdmin: boolean;
  /** The plan includes sharing (T-4.3-SHARE1). */
  hasSharing: boolean;
};

type Person = Pick<SharingStanding, "workspaceId" | "subject" | "groups" | "hasSharing"> & {
  /** What they are in the organization, and in the workspace of their own and through groups. */
  roles: readonly string[];
};

/** Which permissions let a person use and build a kind of thing. */
export type SharedKind = { use: Permission; build: Permission };

/** How a person stands, from what they are; a person without a role in the workspace may nothing there. */
export function standingBy({ use, build }: SharedKind, { roles, ...person }: Person): SharingStanding {
  const permissions = permissionsOf(rolePermissions, roles);
  return {
    ...person,
    mayUse: permissions.has(use),
    mayBuild: permissions.has(build),
    isAdmin: roles.includes("workspace_admin") || roles.includes("organization_admin"),
  };
}

export type Grant = { subjectId: string; level: GrantLevel };

/** What of a thing decides who may do what with it. */
export type SharedFacts = {
  workspaceId: string;
  ownerId: string;
  visibility: "workspace" | "restricted";
  grants: readonly Grant[];
};

/** How a right came to a person. `grant` names whose: their own or a group's. */
export type Path =
  | { kind: "owner" }
  | { kind: "admin" }
  | { kind: "workspace" }
  | { kind: "grant"; subjectId: string; level: GrantLevel };

/**
 * Every way by which a person reaches a thing (T-4.3-SHARE2, T-4.3-SHARE3). On a plan without sharing it is its
 * owner's alone (T-4.3-SHARE1); the admins can still remove it or pass it on, because they answer for it.
 */
export function pathsOf(who: SharingStanding, thing: SharedFacts): Path[] {
  if (who.workspaceId !== thing.workspaceId || !who.mayUse) return [];
  const paths: Path[] = [];
  if (thing.ownerId === who.subject) paths.push({ kind: "owner" });
  if (who.isAdmin) paths.push({ kind: "admin" });
  if (!who.hasSharing) return paths;
  for (const { subjectId, level } of thing.grants) {
    if (subjectId === who.subject || who.groups.includes(subjectId)) paths.push({ kind: "grant", subjectId, level });
  }
  if (thing.visibility === "workspace") paths.push({ kind: "workspace" });
  return paths;
}

const given: Record<GrantLevel, readonly Right[]> = {
  use: ["see", "use"],
  edit: ["see", "use", "edit"],
  manage: rights,
};

/** What one way gives. */
function rightsBy(path: Path, { hasSharing }: SharingStanding): readonly Right[] {
  if (path.kind === "owner") return rights;
  if (path.kind === "admin") return hasSharing ? rights : ["see", "manage"];
  return given[path.kind === "grant" ? path.level : "use"];
}

/** Everything a person may do with a thing; nothing at all where they must not even know of it. */
export function sharedRights(who: SharingStanding, thing: SharedFacts): Set<Right> {
  const found = new Set(pathsOf(who, thing).flatMap((path) => rightsBy(path, who)));
  if (!who.mayBuild) found.delete("edit");
  if (!who.mayBuild) found.delete("manage");
  return found;
}

/** A person or key of the workspace, with what they are called. */
export type NamedStanding = { name: string; standing: SharingStanding };

export type Reached = { added: NamedStanding[]; editors: NamedStanding[]; lost: NamedStanding[] };

/** Who gets to use a thing and to change it, and who does not any more, by another sharing of it. */
export function reachedThrough<T>(
  people: readonly NamedStanding[],
  may: (who: SharingStanding, right: Right, thing: T) => boolean,
  before: T,
  after: T,
): Reached {
  const changing = (right: Right, from: T, to: T) =>
    people.filter(({ standing }) => may(standing, right, to) && !may(standing, right, from));
  return {
    added: changing("use", before, after),
    editors: changing("edit", before, after),
    lost: changing("use", after, before),
  };
}

/** "Ada, Ben and 3 others". */
export function namesWords(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  const shown = rest > 0 ? [...names.slice(0, most), rest === 1 ? "1 other" : `${rest} others`] : names;
  return shown.length < 2 ? (shown[0] ?? "nobody") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** T-4.3-SHARE1: `things` are called in the plural. */
export function refuseWithoutSharing(things: string, { hasSharing, plan }: SharingChoices): void {
  if (hasSharing) return;
  throw new AppError(
    "forbidden",
    `The ${plan} plan does not include sharing ${things}: each is its owner's alone. Upgrade the plan to share it.`,
    { code: "plan_without_sharing" },
  );
}

type Owned = { name: string; ownerId: string; ownerName: string };

/** A person who is named anew has to be a person it can be shared with; who was named before may stay. */
export function refuseStrangers(
  { people, groups, keys, grants: before }: SharingChoices,
  { name, ownerId, ownerName }: Owned,
  grants: Sharing["grants"],
): void {
  const known = new Set([...people, ...groups, ...keys, ...before].map(({ kind, id }) => `${kind} ${id}`));
  for (const { subjectKind, subjectId } of grants) {
    if (subjectId === ownerId) throw refusedGrant(`${ownerName} owns ${name} and needs no grant.`);
    if (!known.has(`${subjectKind} ${subjectId}`)) throw refusedGrant(strangers[subjectKind]);
  }
}

const strangers = {
  user: "One of those named cannot enter this workspace. Add them to it first, or leave them out.",
  group: "One of the groups named is not there any more. Leave it out.",
  key: "One of the keys named is not a service key of this workspace that still works. Leave it out.",
} as const;

const refusedGrant = (message: string): AppError => new AppError("invalid", message, { fields: { grants: [message] } });
