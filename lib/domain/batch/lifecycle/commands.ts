import { and, eq, isNull, sql } from "drizzle-orm";
import { batchJobs, batchRequests } from "#db/schema/batch.ts";
import { files } from "#db/schema/files.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { pico } from "#lib/core/money.ts";
import { batchKey, underClaim } from "#lib/domain/batch/claims/commands.ts";
import type { BatchClaim, BatchOutcome } from "#lib/domain/batch/claims/view.ts";
import { tellEnded } from "#lib/domain/batch/news/commands.ts";
import { type MadeFile, writeResults } from "#lib/domain/batch/results/commands.ts";
import { type Batch, type BatchRef, isPossible } from "#lib/domain/batch/rules.ts";
import { lockBatch, placeOf, transit } from "#lib/domain/batch/status/commands.ts";
import { discardContent } from "#lib/domain/files/contents/commands.ts";
import { keepMade } from "#lib/domain/files/made/commands.ts";
import { endOf } from "./rules.ts";

const itsRequests = ({ organizationId, id }: BatchRef) =>
  and(eq(batchRequests.organizationId, organizationId), eq(batchRequests.jobId, id));

/** How many answers have no event yet that is summed: a moment later they all have. */
export const unsummed = part(async (ctx: AccountContext, { organizationId, id }: BatchRef): Promise<number> => {
  const [row] = await ctx.db.execute<{ answers: number }>(
    sql`select count(*)::int as answers from batch_requests as request where organization_id = ${organizationId}
      and job_id = ${id} and state = 'answered' and not exists (select from usage_events as event
        where event.organization_id = request.organization_id and event.id = request.request_id and event.at = request.at)`,
  );
  return row?.answers ?? 0;
});

/**
 * Ends a batch, once: its results become files of the customer's, its sums are those of its events, and all who wait for it
 * are told. `keeps` false: nothing may be kept, so there are no files.
 */
export const endBatch = part(
  async (
    ctx: AccountContext,
    claim: BatchClaim,
    outcome: BatchOutcome,
    { keeps }: { keeps: boolean },
  ): Promise<"ended" | "lost"> => {
    const inside = inOrganization(ctx, claim.organizationId);
    const [batch] = await ctx.db
      .select()
      .from(batchJobs)
      .where(and(eq(batchJobs.organizationId, claim.organizationId), eq(batchJobs.id, claim.id)));
    if (!batch?.key || batch.claimNumber !== claim.number) return "lost";
    const made = keeps ? await writeResults(ctx, batch, await batchKey(ctx, batch)) : [];
    try {
      const ended = await underClaim(ctx, claim, (ctx, batch) => end(ctx, batch, outcome, made));
      if (ended === "lost") await discard(inside, made);
      return ended;
    } catch (error) {
      await discard(inside, made);
      throw error;
    }
  },
);

async function discard(ctx: OrganizationContext, made: readonly MadeFile[]): Promise<void> {
  for (const { received } of made) await discardContent(ctx, received);
}

async function end(
  ctx: AccountContext,
  batch: Batch,
  outcome: BatchOutcome,
  made: readonly MadeFile[],
): Promise<"ended"> {
  const its = placeOf(ctx, batch);
  const visibility = await visibilityOf(ctx, batch);
  const ids = { batch_result: null as Batch["outputFileId"], batch_error: null as Batch["errorFileId"] };
  for (const { name, sampleType, received } of made) {
    const kept = { name, sampleType, visibility, createdBy: batch.createdBy, hours: batch.outputHours };
    ids[sampleType] = await keepMade(its, kept, received);
  }
  const sums = await sumsOf(ctx, batch);
  const { transition, failure } = endOf(outcome, batch.status, sums);
  const ended = await transit(ctx, batch, transition, {
    ...sums,
    ...(transition === "succeed" ? { totalRequests: sums.succeededRequests + sums.failedRequests } : {}),
    failure,
    outputFileId: ids.batch_result,
    errorFileId: ids.batch_error,
    waitsFor: null,
    key: null,
    leaseUntil: null,
    endedAt: ctx.now,
  });
  // They are in the files now, and their key is gone.
  await ctx.db.update(batchRequests).set({ result: null }).where(itsRequests(batch));
  await writeAudit(its, {
    action: "batch.end",
    object: { type: "batch", id: batch.id },
    after: {
      status: ended.status,
      succeeded: ended.succeededRequests,
      failed: ended.failedRequests,
      cost: String(ended.costPico),
      files: [ended.outputFileId, ended.errorFileId].filter((id) => id !== null),
    },
  });
  await tellEnded(its, ended);
  return "ended";
}

/** What is made of files that only their owner sees is seen by no one else. */
async function visibilityOf(ctx: AccountContext, { organizationId, inputFiles }: Batch): Promise<"workspace" | "user"> {
  for (const id of inputFiles) {
    const [file] = await ctx.db
      .select({ visibility: files.visibility })
      .from(files)
      .where(and(eq(files.organizationId, organizationId), eq(files.id, id)));
    if (file?.visibility === "user") return "user";
  }
  return "workspace";
}

async function sumsOf(ctx: AccountContext, { organizationId, id }: BatchRef) {
  const [row] = await ctx.db.execute<
    Record<"succeeded" | "failed" | "prompt" | "cached" | "completion" | "cost", string>
  >(
    sql`select count(*) filter (where state = 'answered') as succeeded, count(*) filter (where state = 'failed') as failed,
      coalesce(sum(prompt_tokens), 0) as prompt, coalesce(sum(cached_tokens), 0) as cached,
      coalesce(sum(completion_tokens), 0) as completion, coalesce(sum(cost_pico), 0) as cost
    from batch_requests as request left join usage_events as event on event.organization_id = request.organization_id
      and event.id = request.request_id and event.at = request.at
    where request.organization_id = ${organizationId} and request.job_id = ${id}`,
  );
  return {
    succeededRequests: Number(row?.succeeded ?? 0),
    failedRequests: Number(row?.failed ?? 0),
    promptTokens: Number(row?.prompt ?? 0),
    cachedTokens: Number(row?.cached ?? 0),
    completionTokens: Number(row?.completion ?? 0),
    costPico: pico(BigInt(row?.cost ?? 0)),
  };
}

/** Ends a batch that no process has begun, or has it ended by the one that asks. */
export const cancel = part(async (ctx: AccountContext, ref: BatchRef): Promise<Batch> => {
  const batch = await lockBatch(ctx, ref);
  if (batch.status === "CANCELLED" || batch.status === "CANCELLATION_REQUESTED") return batch;
  if (isPossible("askToCancel", batch.status)) return transit(ctx, ref, "askToCancel", { cancelAskedAt: ctx.now });
  if (!isPossible("cancel", batch.status))
    throw new AppError("conflict", `A batch that is ${batch.status} cannot be cancelled.`, {
      code: "batch_state",
      details: { status: batch.status },
    });
  const ended = await transit(ctx, ref, "cancel", {
    cancelAskedAt: ctx.now,
    endedAt: ctx.now,
    key: null,
    leaseUntil: null,
  });
  await tellEnded(placeOf(ctx, ended), ended);
  return ended;
});

/** T-6-EFF: ends every batch of an organization at once. What was answered by then is billed. */
export const endAllBatches = part(async (ctx: OrganizationContext): Promise<number> => {
  const active = await ctx.db
    .select({ organizationId: batchJobs.organizationId, id: batchJobs.id })
    .from(batchJobs)
    .where(and(eq(batchJobs.organizationId, ctx.organizationId), isNull(batchJobs.endedAt)));
  for (const ref of active) {
    const ended = { endedAt: ctx.now, key: null, leaseUntil: null, waitsFor: null };
    await transit(ctx, ref, "fail", { ...ended, ...(await sumsOf(ctx, ref)), failure: "The contract has ended." });
    await ctx.db.update(batchRequests).set({ result: null }).where(itsRequests(ref));
  }
  return active.length;
});
