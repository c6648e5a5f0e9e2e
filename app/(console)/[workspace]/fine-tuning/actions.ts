"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { cancelJob, createJob, runJobAgain, startJob, stopJob } from "#lib/domain/fine-tuning/commands.ts";
import { startInput } from "#lib/domain/fine-tuning/wizard/input.ts";

export const create = action({
  can: "fine-tuning.write",
  input: startInput,
  run: async (ctx, input): Promise<void> => {
    const { id } = await createJob(ctx, input);
    redirect(`/${ctx.workspaceId}/fine-tuning/${id}`);
  },
});

export const start = action(startJob);
export const cancel = action(cancelJob);
export const stop = action(stopJob);
export const again = action(runJobAgain, ({ id }, ctx) => redirect(`/${ctx.workspaceId}/fine-tuning/${id}`));
