"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { workspaceContext } from "#app/doors/session.ts";
import {
  invite as inviteAll,
  resendInvitation,
  revokeInvitation,
  revokeInvitations,
} from "#lib/domain/invitations/commands.ts";
import { inviteFormInput } from "#lib/domain/invitations/input.ts";
import { removeMember, setRoles, setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { workspaceRolesInput } from "#lib/domain/members/input.ts";

export const invite = action({
  can: "members.invite",
  input: inviteFormInput,
  run: async (ctx, input) => {
    await inviteAll(ctx, input);
    refresh();
  },
});

export const resend = action(resendInvitation);

export const withdraw = action(revokeInvitation);

export const withdrawSeveral = action(revokeInvitations);

export const saveRoles = action(setRoles);

/** The session decides what a person may do in the workspace that the form names. */
export const saveWorkspaceRoles = action({
  can: "members.read",
  input: workspaceRolesInput,
  run: async (_ctx, { user, workspace, roles }) => {
    await setWorkspaceRoles(await workspaceContext(workspace), user, roles);
    refresh();
  },
});

export const remove = action(removeMember, (_done, ctx, { user }) =>
  redirect(user === ctx.actor.id ? "/" : `/${ctx.workspaceId}/organization/members`),
);
