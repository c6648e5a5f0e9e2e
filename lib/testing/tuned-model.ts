import { eq } from "drizzle-orm";
import { newId, uuidOf } from "#db/id.ts";
import { modelTransfers, tunedModels } from "#db/schema/tuned-models.ts";
import type { Context } from "#lib/core/context.ts";
import { keepBlob } from "#lib/domain/files/blobs/commands.ts";
import { receiveBytes } from "#lib/domain/files/contents/commands.ts";

/** For tests: a model that another server trained and serves under a name of its own. */
export async function tunedModel(ctx: Context, base = "small") {
  const jobId = newId("tuningJob", ctx.now);
  const id = `ft:${base}:test:20261123:${uuidOf(jobId).slice(-8)}`;
  const there = `there-${jobId}`;
  await ctx.db.insert(tunedModels).values({
    organizationId: ctx.organizationId,
    id,
    workspaceId: ctx.workspaceId,
    ownerId: ctx.actor.id as `usr_${string}`,
    visibility: "workspace",
    jobId,
    step: 10,
    root: base,
    model: base,
    kind: "forward",
    upstreamModel: there,
    state: "active",
    createdAt: ctx.now,
    updatedAt: ctx.now,
  });
  return { id, jobId, there };
}

/** The same under a name, with a directive to give it away. */
export async function testTunedModel(ctx: Context, word: string) {
  const { id: modelId } = await tunedModel(ctx);
  const { organizationId, now: signedAt } = ctx;
  const transfer = newId("modelTransfer", signedAt);
  const signed = {
    distributor: `${word} distributor`,
    until: "2099-01-01",
    signedBy: ctx.actor.id as `usr_${string}`,
    signedAt,
  };
  await ctx.db
    .update(tunedModels)
    .set({ name: `${word} tuned`, description: word })
    .where(eq(tunedModels.id, modelId));
  await ctx.db.insert(modelTransfers).values({ organizationId, id: transfer, modelId, ...signed });
  return { tunedModel: modelId, modelTransfer: transfer };
}

/** One that a worker trained, whose weights are kept and which no server has. */
export async function unservedModel(ctx: Context, weights: Buffer): Promise<string> {
  const { id } = await tunedModel(ctx);
  const blobId = await keepBlob(ctx, await receiveBytes(ctx, [weights]));
  await ctx.db
    .update(tunedModels)
    .set({ blobId, upstreamModel: null, kind: "pull", state: "not_served" })
    .where(eq(tunedModels.id, id));
  return id;
}
