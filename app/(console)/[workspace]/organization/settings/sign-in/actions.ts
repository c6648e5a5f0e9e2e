"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { setRequirement } from "#lib/domain/account/requirement/commands.ts";
import { requirementInput } from "#lib/domain/account/requirement/input.ts";

export const saveRequirement = action({
  can: "organization.write",
  input: requirementInput,
  stepUp: "sign-in-rules.change",
  run: async (ctx, { required }) => {
    await setRequirement(ctx, required);
    refresh();
  },
});
