"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { nothingInput } from "#lib/domain/account/input.ts";
import { leaveOrganization } from "#lib/domain/leaving/commands.ts";
import { renameOrganization } from "#lib/domain/organizations/commands.ts";
import { renameOrganizationInput } from "#lib/domain/organizations/input.ts";

export const rename = action({
  can: "organization.write",
  input: renameOrganizationInput,
  run: async (ctx, { name }) => {
    await renameOrganization(ctx, name);
    refresh();
  },
});

export const leave = action({
  can: "organization.read",
  input: nothingInput,
  run: async (ctx) => {
    await leaveOrganization(ctx);
    redirect("/");
  },
});
