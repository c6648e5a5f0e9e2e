"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { homePath, workspaceContext } from "#app/doors/session.ts";
import { addToWorkspace } from "#lib/domain/leaving/commands.ts";
import { workspaceRolesInput } from "#lib/domain/members/input.ts";
import {
  archiveWorkspace,
  createWorkspace,
  renameWorkspace,
  restoreWorkspace,
  setAgentVisibility,
} from "#lib/domain/workspaces/commands.ts";
import { agentVisibilityInput, renameWorkspaceInput, workspaceInput } from "#lib/domain/workspaces/input.ts";

export const create = action(createWorkspace, ({ id }) => redirect(`/${id}/home`));

/** The session decides what a person may do in the workspace that the form names. */
export const rename = action({
  can: "members.read",
  input: renameWorkspaceInput,
  run: async (_ctx, { workspace, name }) => {
    await renameWorkspace(await workspaceContext(workspace), name);
    refresh();
  },
});

export const shareNewAgents = action({
  can: "members.read",
  input: agentVisibilityInput,
  run: async (_ctx, { workspace, visibility }) => {
    await setAgentVisibility(await workspaceContext(workspace), visibility);
    refresh();
  },
});

export const addPerson = action({
  can: "members.read",
  input: workspaceRolesInput,
  run: async (_ctx, { user, workspace, roles }) => {
    await addToWorkspace(await workspaceContext(workspace), user, roles);
    refresh();
  },
});

/** A person who archives the workspace they are in goes on in another one. */
export const archive = action({
  can: "workspaces.write",
  input: workspaceInput,
  stepUp: "workspace.archive",
  run: async (ctx, { workspace }) => {
    await archiveWorkspace(ctx, { workspace });
    if (workspace !== ctx.workspaceId) return refresh();
    redirect((await homePath(ctx)).replace(/home$/, "organization/workspaces"));
  },
});

export const restore = action(restoreWorkspace);
