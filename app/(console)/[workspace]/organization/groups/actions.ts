"use server";

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

export const create = action(createGroup, ({ id }, ctx) => redirect(`/${ctx.workspaceId}/organization/groups/${id}`));

export const rename = action(renameGroup);

export const add = action(addToGroup);

export const take = action(takeFromGroup);

export const saveRoles = action(setGroupRoles);

export const remove = action(removeGroup, (_done, ctx) => redirect(`/${ctx.workspaceId}/organization/groups`));
