import { and, eq } from "drizzle-orm";
import { batchJobs } from "#db/schema/batch.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { makeBatch } from "./creating/commands.ts";
import { batchInput, createBatchInput } from "./input.ts";
import { cancel } from "./lifecycle/commands.ts";
import { batchOf } from "./queries.ts";
import { isEnded } from "./rules.ts";
import { lockBatch } from "./status/commands.ts";
import type { BatchView } from "./view.ts";

/** Asks for many requests at once, at half price: they are asked within hours, under the limits of the key. */
export const createBatch = command({
  can: "batch.write",
  within: "workspace",
  input: createBatchInput,
  run: async (ctx, input): Promise<BatchView> => batchOf(ctx, (await makeBatch(ctx, input)).id),
});

/** Cancels a batch: what is answered by then is kept and billed, the rest is not asked. */
export const cancelBatch = command({
  can: "batch.write",
  within: "workspace",
  input: batchInput,
  run: (ctx, { batch }): Promise<BatchView> =>
    transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      const { id, status } = await batchOf(ctx, batch);
      const after = await cancel(ctx, { organizationId, id });
      if (after.status !== status)
        await writeAudit(ctx, { action: "batch.cancel", object: { type: "batch", id }, after: { from: status } });
      return batchOf(ctx, id);
    }),
});

/** Deletes a batch that has ended. Its files are the customer's, and stay. */
export const deleteBatch = command({
  can: "batch.write",
  within: "workspace",
  input: batchInput,
  run: (ctx, { batch }): Promise<BatchView> =>
    transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      const found = await batchOf(ctx, batch);
      const { status } = await lockBatch(ctx, { organizationId, id: found.id });
      if (!isEnded(status))
        throw new AppError("conflict", "This batch has not ended yet. Cancel it first, and wait until it has.", {
          code: "batch_state",
          details: { status },
        });
      const its = and(eq(batchJobs.organizationId, organizationId), eq(batchJobs.id, found.id));
      await ctx.db.delete(batchJobs).where(its);
      await writeAudit(ctx, {
        action: "batch.delete",
        object: { type: "batch", id: found.id },
        before: { status, files: found.inputFiles, output: found.outputFileId, errors: found.errorFileId },
      });
      return found;
    }),
});

/** Asks for the same once more, of files that are still there. */
export const runBatchAgain = command({
  can: "batch.write",
  within: "workspace",
  input: batchInput,
  run: async (ctx, { batch }): Promise<BatchView> => {
    const { inputFiles, endpoint, model, agentId, metadata, timeoutHours, outputHours, keyId } = await batchOf(
      ctx,
      batch,
    );
    const same = {
      endpoint,
      model,
      agent_id: agentId,
      metadata,
      timeout_hours: timeoutHours,
      output_hours: outputHours,
    };
    const made = await makeBatch(ctx, { ...same, input_files: inputFiles, requests: null, key: keyId });
    return batchOf(ctx, made.id);
  },
});
