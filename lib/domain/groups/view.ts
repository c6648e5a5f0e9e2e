import type { Id } from "#db/id.ts";
import type { WorkspaceRole } from "#lib/core/access/roles.ts";
import type { Person } from "#lib/domain/members/view.ts";

export type GroupGrant = { workspaceId: Id<"workspace">; workspaceName: string; roles: WorkspaceRole[] };

export type GroupView = {
  id: Id<"group">;
  name: string;
  createdAt: Date;
  people: Person[];
  grants: GroupGrant[];
};
