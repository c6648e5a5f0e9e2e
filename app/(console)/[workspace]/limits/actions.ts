"use server";

import { action } from "#app/doors/action.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "#lib/domain/limits/commands.ts";

export const saveOrganizationLimit = action(setOrganizationLimit);
export const saveWorkspaceLimit = action(setWorkspaceLimit);
export const saveKeyLimit = action(setKeyLimit);
