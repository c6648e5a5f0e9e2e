import type { Id } from "#db/id.ts";
import type { MemberRole, WorkspaceRole } from "#lib/core/access/roles.ts";
import type { InvitationState } from "./rules.ts";

/** An invitation as pages show it; never what its link carries. */
export type InvitationView = {
  id: Id<"invitation">;
  email: string;
  roles: MemberRole[];
  grants: { workspaceId: Id<"workspace">; roles: WorkspaceRole[] }[];
  /** Null: the operator. */
  inviterName: string | null;
  createdAt: Date;
  sentAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
  state: InvitationState;
};
