import type { Id } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { batchEstimate } from "#lib/domain/batch/estimate/queries.ts";
import { batchFilter } from "#lib/domain/batch/input.ts";
import { batchListFilter } from "#lib/domain/batch/listing/input.ts";
import { batchKeys, batchPage } from "#lib/domain/batch/listing/queries.ts";
import { batchesAfter, batchesOf, batchOf, outputsOf } from "#lib/domain/batch/queries.ts";
import type { Operation } from "./operations.ts";

/** Done with a batch of the workspace. */
const reading = (run: (ctx: Context, id: Id<"batch">) => Promise<unknown>): Operation => ({
  can: "batch.read",
  within: "workspace",
  run: (ctx, { batch }) => run(ctx, batch),
});

/** What people and programs do with batches. */
export const batch: Record<string, Operation> = {
  batchOf: reading(batchOf),
  outputsOf: { ...reading(async (ctx, id) => outputsOf(ctx, await batchOf(ctx, id))), can: "files.read" },
  batchesOf: {
    can: "batch.read",
    run: (ctx) => batchesOf(ctx, batchFilter.parse({}), { offset: 0, limit: 100 }),
  },
  batchesAfter: { can: "batch.read", run: (ctx) => batchesAfter(ctx, { limit: 100 }) },
  batchPage: { can: "batch.read", run: (ctx) => batchPage(ctx, batchListFilter.parse({})) },
  batchEstimate: {
    can: "batch.write",
    within: "workspace",
    run: (ctx, { file }) => batchEstimate(ctx, { file, endpoint: "/v1/embeddings", model: null }),
  },
  batchKeys: { can: "batch.write", run: batchKeys },
};
