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

/** The weights of a tuned model, for the operator to lay before a server. */
export const fetchWeights = command({
  can: "system.operate",
  within: "workspace",
  run: async (ctx, { model: id }: { model: string }): Promise<AsyncIterable<Buffer>> => {
    const [found] = await ctx.db
      .select({ id: blobs.id, bytes: blobs.bytes, key: blobs.key })
      .from(tunedModels)
      .innerJoin(blobs, and(eq(blobs.organizationId, tunedModels.organizationId), eq(blobs.id, tunedModels.blobId)))
      .where(tunedModelHere(ctx, id));
    if (!found?.key) throw new AppError("not_found", "The weights of this model are not kept here.");
    const { id: label, key: wrapped, bytes } = found;
    await writeAudit(ctx, { action: "model.fetch-weights", object: { type: "model", id }, clause: "T-4.2.3-CONF" });
    return openStored({ place: blobPlace(ctx.organizationId, label), label, wrapped, bytes });
  },
});

/** Says under which name the servers of its base serve what a worker trained: it answers from the next request on. */
export const serveTunedModel = command({
  can: "system.operate",
  within: "workspace",
  run: (ctx, { model: id, upstreamModel }: { model: string; upstreamModel: string }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const [before] = await ctx.db.select().from(tunedModels).where(tunedModelHere(ctx, id)).for("update");
      if (!before) throw new AppError("not_found", `There is no tuned model ${id}.`);
      if (before.kind !== "pull")
        throw new AppError("conflict", "Only what a worker trained is served by hand: this one has its server.");
      const state = before.state === "not_served" ? "active" : before.state;
      await ctx.db.update(tunedModels).set({ upstreamModel, state, updatedAt: ctx.now }).where(tunedModelHere(ctx, id));
      await writeAudit(ctx, {
        action: "model.serve",
        object: { type: "model", id },
        before: { state: before.state },
        after: { state },
      });
    }),
});
