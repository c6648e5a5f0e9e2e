import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { userId, workspaceRolesField } from "#lib/domain/members/input.ts";
import { workspaceId } from "#lib/domain/workspaces/input.ts";

const groupId = idField("group", "This is not a group's id.");

const name = z
  .string()
  .trim()
  .min(1, "Give the group a name, such as Data team.")
  .max(60, "Use at most 60 characters.");

export const createGroupInput = z.object({ name });
export const renameGroupInput = z.object({ group: groupId, name });
export const groupInput = z.object({ group: groupId });
export const groupMemberInput = z.object({ group: groupId, user: userId });
export const groupRolesInput = z.object({ group: groupId, workspace: workspaceId, roles: workspaceRolesField });
