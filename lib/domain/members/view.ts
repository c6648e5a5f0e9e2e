import type { Id } from "#db/id.ts";
import type { MemberRole, WorkspaceRole } from "#lib/core/access/roles.ts";

export type Person = { id: Id<"user">; name: string; email: string };

/** A person as one of a list to choose from. */
export const personChoice = ({ id, name, email }: Person) => ({ value: id, label: `${name}, ${email}` });

/** What a person is in a workspace: of their own, and through which groups. */
export type Place = {
  id: Id<"workspace">;
  name: string;
  own: WorkspaceRole[];
  groups: { id: Id<"group">; name: string; roles: WorkspaceRole[] }[];
};

export type MemberView = Person & { roles: MemberRole[]; since: Date; workspaces: Place[] };

/** What ends or passes on with a membership; the last organization admin has to stay. */
export type RemovalEffect = { keys: number; agents: number; isLastAdmin: boolean };
