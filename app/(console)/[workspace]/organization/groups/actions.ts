"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import {
  addToGroup,
  createGroup,
  removeGroup,
  renameGroup,
  setGroupRoles,
  takeFromGroup,
} from "#lib/domain/groups/commands.ts";
import {
  createGroupInput,
  groupInput,
  groupMemberInput,
  groupRolesInput,
  renameGroupInput,
} from "#lib/domain/groups/input.ts";

export const create = action({
  can: "groups.write",
  input: createGroupInput,
  run: async (ctx, { name }) => {
    const { id } = await createGroup(ctx, name);
    redirect(`/${ctx.workspaceId}/organization/groups/${id}`);
  },
});

export const rename = action({
  can: "groups.write",
  input: renameGroupInput,
  run: async (ctx, { group, name }) => {
    await renameGroup(ctx, group, name);
    refresh();
  },
});

export const add = action({
  can: "groups.write",
  input: groupMemberInput,
  run: async (ctx, { group, user }) => {
    await addToGroup(ctx, group, user);
    refresh();
  },
});

export const take = action({
  can: "groups.write",
  input: groupMemberInput,
  run: async (ctx, { group, user }) => {
    await takeFromGroup(ctx, group, user);
    refresh();
  },
});

export const saveRoles = action({
  can: "groups.write",
  input: groupRolesInput,
  run: async (ctx, { group, workspace, roles }) => {
    await setGroupRoles(ctx, group, workspace, roles);
    refresh();
  },
});

export const remove = action({
  can: "groups.write",
  input: groupInput,
  run: async (ctx, { group }) => {
    await removeGroup(ctx, group);
    redirect(`/${ctx.workspaceId}/organization/groups`);
  },
});
