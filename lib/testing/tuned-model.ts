import { newId, uuidOf } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import type { Context } from "#lib/core/context.ts";

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
