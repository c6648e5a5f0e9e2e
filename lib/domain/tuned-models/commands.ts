import { and, eq } from "drizzle-orm";
import { type Id, uuidOf } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints, tuningJobs } from "#db/schema/tuning.ts";
import { dayOf } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";

type JobPlace = { organizationId: Id<"organization">; id: Id<"tuningJob">; workspaceId: Id<"workspace"> };

/** Makes the model that a job trained, from the checkpoint of a step. */
export const makeTunedModel = part(
  async (
    ctx: AccountContext,
    { organizationId, id: jobId, workspaceId }: JobPlace,
    { step, upstreamModel }: { step: number; upstreamModel?: string | undefined },
  ): Promise<string> => {
    const [job] = await ctx.db
      .select()
      .from(tuningJobs)
      .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)));
    if (!job) throw new Error("A model is made of a job.");
    const [checkpoint] = await ctx.db
      .select()
      .from(tuningCheckpoints)
      .where(
        and(
          eq(tuningCheckpoints.organizationId, organizationId),
          eq(tuningCheckpoints.jobId, jobId),
          eq(tuningCheckpoints.step, step),
        ),
      );
    const day = dayOf(ctx.now).replaceAll("-", "");
    const id = ["ft", job.requestedModel, job.suffix ?? "", day, uuidOf(jobId).slice(-8)].join(":");
    await ctx.db.insert(tunedModels).values({
      organizationId,
      id,
      workspaceId,
      ownerId: job.createdBy,
      visibility: "restricted",
      jobId,
      step,
      root: job.requestedModel,
      model: job.model,
      kind: job.trainerKind,
      blobId: checkpoint?.blobId ?? null,
      upstreamModel: upstreamModel ?? null,
      state: "active",
      createdAt: ctx.now,
      updatedAt: ctx.now,
    });
    return id;
  },
);
