"use server";

import { refresh } from "next/cache";
import { action } from "#lib/action.ts";
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
