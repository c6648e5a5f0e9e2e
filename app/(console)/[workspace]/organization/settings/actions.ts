"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { leaveOrganization } from "#lib/domain/leaving/commands.ts";
import { deleteOrganization } from "#lib/domain/leaving/organization/commands.ts";
import { renameOrganization } from "#lib/domain/organizations/commands.ts";

export const rename = action(renameOrganization);

export const leave = action(leaveOrganization, () => redirect("/"));

export const remove = action(deleteOrganization, (): void => redirect("/"));
