import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { blobs } from "#db/schema/files.ts";
import { models } from "#db/schema/models.ts";
import { modelTransfers, tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints, tuningJobs } from "#db/schema/tuning.ts";
import { tuningReviews } from "#db/schema/tuning-reviews.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { agentsAsking } from "#lib/domain/agents/models/queries.ts";
import { cancelDeadline } from "#lib/domain/deadlines/commands.ts";
import { closeBlobs } from "#lib/domain/retention/blobs/commands.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { askToUnload } from "#lib/domain/tuned-models/deploying/commands.ts";
import { serversOnReceipt } from "#lib/domain/tuned-models/deploying/view.ts";
import { deleteInput } from "#lib/domain/tuned-models/input.ts";
import { tunedModelHere, tunedModelOf } from "#lib/domain/tuned-models/queries.ts";
import { thereDeletion } from "./input.ts";

export type DeletedModel = { id: string; receipt: Id<"deletionReceipt"> };

/**
 * Deletes a tuned model at once (T-4.2.3-DEL1): its weights, the checkpoints it came from, and who it was shared with. Their
 * keys go in this transaction, their bytes right after. An answer that is being given ends.
 */
export const deleteTunedModel = command({
  can: "tuned-models.write",
  within: "workspace",
  input: deleteInput,
  run: (ctx, { model: id, force }): Promise<DeletedModel> =>
    transaction(ctx, async (ctx) => {
      const model = await tunedModelOf(ctx, id, "manage");
      const agents = await agentsAsking(ctx, id);
      if (agents.length > 0 && force !== "true") throw inUse(agents.map(({ name }) => name));
      const contents = await lockContents(ctx, model.jobId, id);
      const { organizationId, workspaceId } = ctx;
      await deleteThere(ctx, id);
      const servers = await askToUnload(ctx, id);
      for (const transfer of await transfersOf(ctx, id)) await cancelDeadline(ctx, "directive.expiry", transfer.id);
      const gone = await ctx.db.delete(tunedModels).where(tunedModelHere(ctx, id)).returning({ id: tunedModels.id });
      if (gone.length === 0)
        throw new AppError("not_found", `There is no model ${id} here.`, { code: "model_not_found" });
      const reviews = await deleteReviews(ctx, model.jobId);
      await ctx.db.update(tuningCheckpoints).set({ blobId: null }).where(ofJob(ctx, model.jobId));
      await closeBlobs(ctx, organizationId);
      const weights = await closedOf(ctx, contents);
      const receipt = await issueReceipt(ctx, {
        cause: "own",
        clause: "T-4.2.3-DEL1",
        workspaceId,
        targets: [{ kind: "model", id }],
        removed: [{ class: "tuned-models", items: 1, bytes: weights.bytes, oldest: model.createdAt, newest: ctx.now }],
        servers: serversOnReceipt(servers),
      });
      const removed = { weights: weights.count, bytes: weights.bytes, grants: model.grants.length, reviews };
      await writeAudit(ctx, {
        action: "model.delete",
        object: { type: "model", id },
        after: { receipt, removed, agents: agents.length },
        clause: "T-4.2.3-DEL1",
      });
      await publishWebhookEvent(ctx, "model.deleted", { model_id: id, workspace_id: workspaceId, receipt_id: receipt });
      return { id, receipt };
    }),
});

const transfersOf = ({ db, organizationId }: Context, modelId: string) =>
  db
    .select({ id: modelTransfers.id })
    .from(modelTransfers)
    .where(and(eq(modelTransfers.organizationId, organizationId), eq(modelTransfers.modelId, modelId)));

function inUse(agents: readonly string[]): AppError {
  const shown = agents.slice(0, 5).join(", ");
  const more = agents.length > 5 ? ` and ${agents.length - 5} more` : "";
  const message = `Agents ask this model: ${shown}${more}. Give them another model first, or delete it with force=true.`;
  return new AppError("conflict", message, { code: "model_in_use", details: { agents: agents.slice(0, 100) } });
}

/** The server that trained it has it too, and deletes it once this is done. */
async function deleteThere(ctx: Context, id: string): Promise<void> {
  const [found] = await ctx.db
    .select({
      base: models.upstreamModel,
      name: tunedModels.upstreamModel,
      upstreams: tunedModels.upstreams,
      kind: tunedModels.kind,
    })
    .from(tunedModels)
    .innerJoin(models, eq(models.id, tunedModels.model))
    .where(tunedModelHere(ctx, id));
  if (found?.name && found.kind === "forward")
    await enqueue(ctx, thereDeletion, { base: found.base, name: found.name, upstream: found.upstreams?.[0] });
}

/** What it said beside its base goes with it; says how many reviews. */
async function deleteReviews({ db, organizationId }: Context, jobId: Id<"tuningJob">): Promise<number> {
  const its = and(eq(tuningReviews.organizationId, organizationId), eq(tuningReviews.jobId, jobId));
  await db
    .update(tuningJobs)
    .set({ verdict: null })
    .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)));
  return (await db.delete(tuningReviews).where(its).returning({ step: tuningReviews.step })).length;
}

const ofJob = (ctx: Context, jobId: Id<"tuningJob">) =>
  and(eq(tuningCheckpoints.organizationId, ctx.organizationId), eq(tuningCheckpoints.jobId, jobId));

/** Its own contents and the checkpoints of its job: two who delete at once do not each take the other for the last user. */
async function lockContents(ctx: Context, jobId: Id<"tuningJob">, id: string): Promise<Id<"blob">[]> {
  const kept = ctx.db.select({ id: tuningCheckpoints.blobId }).from(tuningCheckpoints).where(ofJob(ctx, jobId));
  const own = ctx.db.select({ id: tunedModels.blobId }).from(tunedModels).where(tunedModelHere(ctx, id));
  const rows = await ctx.db
    .select({ id: blobs.id })
    .from(blobs)
    .where(and(eq(blobs.organizationId, ctx.organizationId), inArray(blobs.id, kept.union(own))))
    .orderBy(asc(blobs.id))
    .for("update");
  return rows.map((row) => row.id);
}

/** Those of them that no one opens any more: what another model or file has as well stays. */
async function closedOf(ctx: Context, contents: readonly Id<"blob">[]): Promise<{ count: number; bytes: number }> {
  const [found] = await ctx.db
    .select({
      count: sql`count(*)`.mapWith(Number),
      bytes: sql`coalesce(sum(${blobs.bytes}), 0)`.mapWith(Number),
    })
    .from(blobs)
    .where(and(eq(blobs.organizationId, ctx.organizationId), inArray(blobs.id, [...contents]), isNull(blobs.key)));
  return found ?? { count: 0, bytes: 0 };
}
