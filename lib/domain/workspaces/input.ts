import { z } from "zod";
import { agentVisibilities } from "#db/schema/organizations.ts";
import { idField } from "#lib/core/id-field.ts";

export const workspaceId = idField("workspace", "This is not a workspace's id.");

const name = z
  .string()
  .trim()
  .min(1, "Give the workspace a name, such as Research.")
  .max(60, "Use at most 60 characters.");

export const createWorkspaceInput = z.object({ name });
export const renameWorkspaceInput = z.object({ workspace: workspaceId, name });
export const agentVisibilityInput = z.object({ workspace: workspaceId, visibility: z.enum(agentVisibilities) });
export const workspaceInput = z.object({ workspace: workspaceId });
