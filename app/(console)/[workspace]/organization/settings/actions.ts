"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { nothingInput } from "#lib/account/input.ts";
import { action } from "#lib/action.ts";
import { leaveOrganization } from "#lib/members/commands.ts";
import { renameOrganization } from "#lib/organizations/commands.ts";
import { renameOrganizationInput } from "#lib/organizations/input.ts";

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
