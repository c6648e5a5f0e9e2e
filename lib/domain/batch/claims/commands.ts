import { and, asc, eq, isNull, lt, or, sql } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { batchJobs, batchRequests } from "#db/schema/batch.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { Fault } from "#lib/core/errors.ts";
import { type LastingKey, lastingKey, sealLasting } from "#lib/core/keyring/lasting.ts";
import { tellWaiting } from "#lib/domain/batch/news/commands.ts";
import { countErrors, isAnswered, resultLabel } from "#lib/domain/batch/results/rules.ts";
import { type Batch, type BatchRef, isEnded, isPossible, leaseSeconds } from "#lib/domain/batch/rules.ts";
import { placeOf, transit } from "#lib/domain/batch/status/commands.ts";
import type { AllottedLine, Answer, BatchClaim, BatchOrders } from "./view.ts";

const leaseFrom = ({ now }: AccountContext): Date => new Date(now.getTime() + leaseSeconds * 1000);
const itsJob = ({ organizationId, id }: BatchRef) =>
  and(eq(batchJobs.organizationId, organizationId), eq(batchJobs.id, id));
const itsRequests = ({ organizationId, id }: BatchRef) =>
  and(eq(batchRequests.organizationId, organizationId), eq(batchRequests.jobId, id));

/** Gives a process the next batch that no other has, or whose process was lost: those that wait for a limit last, in turn. */
export const claimBatch = part(
  (ctx: AccountContext): Promise<BatchClaim | null> =>
    transaction(ctx, async (ctx) => {
      const [found] = await ctx.db
        .select()
        .from(batchJobs)
        .where(and(isNull(batchJobs.endedAt), or(isNull(batchJobs.leaseUntil), lt(batchJobs.leaseUntil, ctx.now))))
        .orderBy(sql`${batchJobs.waitsFor} is not null`, asc(batchJobs.claimNumber), asc(batchJobs.createdAt))
        .limit(1)
        .for("update", { skipLocked: true });
      if (!found) return null;
      const number = found.claimNumber + 1;
      await ctx.db
        .update(batchJobs)
        .set({ claimNumber: number, leaseUntil: leaseFrom(ctx) })
        .where(itsJob(found));
      if (isPossible("run", found.status)) await transit(ctx, found, "run", { startedAt: ctx.now });
      // One that was given back by a process that stops is no fault of its requests.
      if (found.leaseUntil !== null) await countAttempt(ctx, found);
      const { organizationId, id, workspaceId, keyId, endpoint, agentId } = found;
      return { organizationId, id, number, workspaceId, keyId, endpoint, isOfAgent: agentId !== null };
    }),
);

/** A process died while these were asked. What was asked by too many is given up when it is read again. */
async function countAttempt(ctx: AccountContext, batch: Batch): Promise<void> {
  await ctx.db
    .update(batchRequests)
    .set({ attempts: sql`${batchRequests.attempts} + 1` })
    .where(and(itsRequests(batch), eq(batchRequests.state, "asked")));
}

/** What a process writes is written under the batch's lock, and only while its turn is the last. */
export const underClaim = part(
  <T>(
    ctx: AccountContext,
    claim: BatchClaim,
    work: (ctx: AccountContext, batch: Batch) => Promise<T>,
  ): Promise<T | "lost"> =>
    transaction(ctx, async (ctx) => {
      const [held] = await ctx.db.select().from(batchJobs).where(itsJob(claim)).for("update");
      if (!held || held.claimNumber !== claim.number || isEnded(held.status)) return "lost";
      await ctx.db
        .update(batchJobs)
        .set({ leaseUntil: leaseFrom(ctx) })
        .where(itsJob(claim));
      return work(ctx, held);
    }),
);

function ordersOf({ status, expiresAt }: Batch, now: Date): BatchOrders {
  if (status === "CANCELLATION_REQUESTED") return "cancel";
  return expiresAt <= now ? "expire" : "go_on";
}

/** A sign of life: renews the lease and says what to do next. */
export const beatBatch = part(
  (ctx: AccountContext, claim: BatchClaim): Promise<BatchOrders> =>
    underClaim(ctx, claim, async (ctx, batch) => ordersOf(batch, ctx.now)),
);

/** Gives a batch back at once, for a process that stops. */
export const giveBackBatch = part(async (ctx: AccountContext, claim: BatchClaim): Promise<void> => {
  const isOwn = and(itsJob(claim), eq(batchJobs.claimNumber, claim.number));
  await ctx.db.update(batchJobs).set({ leaseUntil: null }).where(isOwn);
});

/** The key that results are sealed under. */
export const batchKey = part(
  async (_ctx: AccountContext, { id, key }: Pick<Batch, "id" | "key">): Promise<LastingKey> => {
    if (!key) throw new Fault("A batch that has not ended has no key.");
    return lastingKey(key, id);
  },
);

/** Keeps what came of some requests, all at once. Told again, it changes nothing. */
export const keepAnswers = part(
  (ctx: AccountContext, claim: BatchClaim, answers: readonly Answer[]): Promise<BatchOrders> =>
    underClaim(ctx, claim, async (ctx, batch) => {
      const key = await batchKey(ctx, batch);
      const kept: Answer[] = [];
      for (const { line, costPico, tokens, ...result } of answers) {
        const state = isAnswered(result) ? "answered" : "failed";
        const rows = await ctx.db
          .update(batchRequests)
          .set({ state, result: sealLasting(key, result, resultLabel(claim, line)) })
          .where(and(itsRequests(claim), eq(batchRequests.line, line), eq(batchRequests.state, "asked")))
          .returning({ line: batchRequests.line });
        if (rows.length > 0) kept.push({ line, costPico, tokens, ...result });
      }
      await ctx.db.update(batchJobs).set(sumsWith(batch, kept)).where(itsJob(claim));
      return ordersOf(batch, ctx.now);
    }),
);

function sumsWith(batch: Batch, kept: readonly Answer[]): Partial<Batch> {
  const answered = kept.filter(isAnswered);
  const total = (of: (answer: Answer) => number) => kept.reduce((sum, answer) => sum + of(answer), 0);
  return {
    succeededRequests: batch.succeededRequests + answered.length,
    failedRequests: batch.failedRequests + kept.length - answered.length,
    errors: countErrors(batch.errors, kept),
    promptTokens: batch.promptTokens + total(({ tokens }) => tokens.promptTokens),
    cachedTokens: batch.cachedTokens + total(({ tokens }) => tokens.cachedTokens),
    completionTokens: batch.completionTokens + total(({ tokens }) => tokens.completionTokens),
    costPico: batch.costPico + kept.reduce((sum, { costPico }) => sum + costPico, 0n),
    ...(answered.length > 0 ? { waitsFor: null } : {}),
  };
}

/**
 * A request that waited was refused before anything was asked, so it gets a new id, and with it the price, the limits and
 * the month of now. One that has an event already keeps its id, because it was billed.
 */
export const allotAnew = part(
  async (ctx: AccountContext, claim: BatchClaim, line: AllottedLine): Promise<AllottedLine | "lost"> =>
    underClaim(ctx, claim, async (ctx) => {
      const anew = { requestId: newId("request", ctx.now), at: ctx.now };
      const isUnbilled = sql`not exists (select from usage_events where organization_id = ${claim.organizationId}
        and id = ${line.requestId} and at = ${line.at.toISOString()}::timestamptz)`;
      const rows = await ctx.db
        .update(batchRequests)
        .set(anew)
        .where(and(itsRequests(claim), eq(batchRequests.line, line.line), eq(batchRequests.state, "asked"), isUnbilled))
        .returning({ line: batchRequests.line });
      return rows.length > 0 ? { ...line, ...anew } : line;
    }),
);

/** Notes that a limit has no room for the next request. The maker is written to once. */
export const noteWait = part(async (ctx: AccountContext, claim: BatchClaim, problem: string): Promise<void> => {
  await underClaim(ctx, claim, async (ctx, batch) => {
    if (batch.waitsFor === problem) return;
    const waitToldAt = batch.waitToldAt ?? ctx.now;
    await ctx.db.update(batchJobs).set({ waitsFor: problem, waitToldAt }).where(itsJob(claim));
    if (batch.waitToldAt === null) await tellWaiting(placeOf(ctx, batch), batch, problem);
  });
});
