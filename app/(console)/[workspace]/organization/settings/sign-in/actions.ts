"use server";

import { refresh } from "next/cache";
import { setRequirement } from "#lib/account/requirement/commands.ts";
import { requirementInput } from "#lib/account/requirement/input.ts";
import { action } from "#lib/action.ts";

export const saveRequirement = action({
  can: "organization.write",
  input: requirementInput,
  stepUp: "sign-in-rules.change",
  run: async (ctx, { required }) => {
    await setRequirement(ctx, required);
    refresh();
  },
});
