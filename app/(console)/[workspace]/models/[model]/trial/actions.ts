"use server";

import { revalidatePath } from "next/cache";
import { action } from "#app/doors/action.ts";
import { keepTrial } from "#lib/domain/lifecycle/trials/commands.ts";
import { keepTrialInput } from "#lib/domain/lifecycle/trials/input.ts";

export const keep = action({
  can: "models.trial",
  input: keepTrialInput,
  run: async (ctx, input) => {
    await keepTrial(ctx, input);
    revalidatePath(`/${ctx.workspaceId}/models`, "layout");
  },
});
