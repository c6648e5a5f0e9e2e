import { and, eq } from "drizzle-orm";
import { blobs } from "#db/schema/files.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { openStored } from "#lib/core/keyring/stored.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";
import { tunedModelHere } from "#lib/domain/tuned-models/queries.ts";

type Model = Pick<typeof tunedModels.$inferSelect, "kind">;

/** Of all others a server has the weights, or we have them for the customer's own requests and transfers. */
function refuseUnlessByWorker(model: Model | undefined): asserts model {
  if (!model) throw new AppError("not_found", "There is no such tuned model.");
  if (model.kind === "pull") return;
  throw new AppError("conflict", "Only what a worker trained is served by hand: this model has its server.");
}

/** The weights of a model that a worker trained, for the operator to lay before a server of this house, and for nothing else. */
export const fetchWeights = command({
  can: "system.operate",
  within: "workspace",
  run: async (ctx, { model: id }: { model: string }): Promise<AsyncIterable<Buffer>> => {
    const [found] = await ctx.db
      .select({ kind: tunedModels.kind, id: blobs.id, bytes: blobs.bytes, key: blobs.key })
      .from(tunedModels)
      .leftJoin(blobs, and(eq(blobs.organizationId, tunedModels.organizationId), eq(blobs.id, tunedModels.blobId)))
      .where(tunedModelHere(ctx, id));
    refuseUnlessByWorker(found);
    if (!found.id || !found.key || found.bytes === null)
      throw new AppError("not_found", "The weights of this model are not kept here.");
    const { id: label, key: wrapped, bytes } = found;
    await writeAudit(ctx, { action: "model.fetch-weights", object: { type: "model", id }, clause: "T-4.2.3-CONF" });
    return openStored({ place: blobPlace(ctx.organizationId, label), label, wrapped, bytes });
  },
});

type Served = {
  model: string;
  upstreamModel: string;
  /** Those that have it; null: every one of its base. */
  upstreams: string[] | null;
};

/** Says under which name the servers of its base serve what a worker trained: it answers from the next request on. */
export const serveTunedModel = command({
  can: "system.operate",
  within: "workspace",
  run: (ctx, { model: id, upstreamModel, upstreams }: Served): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const [before] = await ctx.db.select().from(tunedModels).where(tunedModelHere(ctx, id)).for("update");
      refuseUnlessByWorker(before);
      const state = before.state === "not_served" ? "active" : before.state;
      await ctx.db
        .update(tunedModels)
        .set({ upstreamModel, upstreams, state, updatedAt: ctx.now })
        .where(tunedModelHere(ctx, id));
      await writeAudit(ctx, {
        action: "model.serve",
        object: { type: "model", id },
        before: { state: before.state },
        after: { state },
      });
    }),
});
