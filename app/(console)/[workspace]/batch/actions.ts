"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { cancelBatch, createBatch, deleteBatch, runBatchAgain } from "#lib/domain/batch/commands.ts";
import { beginBatchInput } from "#lib/domain/batch/estimate/input.ts";

export const create = action({
  can: "batch.write",
  input: beginBatchInput,
  run: async (ctx, input): Promise<void> => {
    const { id } = await createBatch(ctx, input);
    redirect(`/${ctx.workspaceId}/batch/${id}`);
  },
});

export const cancel = action(cancelBatch);
export const remove = action(deleteBatch, (_gone, ctx) => redirect(`/${ctx.workspaceId}/batch`));
export const again = action(runBatchAgain, ({ id }, ctx) => redirect(`/${ctx.workspaceId}/batch/${id}`));
