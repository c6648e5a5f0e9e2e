import { and, eq, isNull, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { tuningJobs, tuningSegments } from "#db/schema/tuning.ts";
import type { UsageKind } from "#db/schema/usage.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import type { UsageRow } from "#db/usage-rows.ts";
import { monthOf } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { billedAt, type Fee, feeOf, feeRow, minimumFee } from "./rules.ts";

/** What of a limit a job lacked; amounts in pico-euros. */
export type Shortage = {
  scope: "key" | "workspace" | "organization";
  scopeId: string;
  period: "month" | "lifetime";
  limit: string;
  settled: string;
  held: string;
};

/** Holds what a job may cost on all its scopes until it ends, or says which limit leaves too little. */
export const holdFor = part(async (ctx: AccountContext, job: Job, amount: bigint): Promise<Id<"lessee"> | Shortage> => {
  const lessee = newId("lessee", ctx.now);
  const short = await tried(ctx, (ctx) =>
    ctx.db.execute(
      sql`select hold_for_job(${lessee}, ${job.organizationId}, ${job.id}, ${monthOf(ctx.now)}::date, ${String(amount)}::numeric)`,
    ),
  );
  return short ?? lessee;
});

/** Runs a step that a limit may refuse; what it did then is undone, and nothing else. */
async function tried(
  ctx: AccountContext,
  step: (ctx: AccountContext) => Promise<unknown>,
): Promise<Shortage | undefined> {
  try {
    await transaction(ctx, step);
    return undefined;
  } catch (error) {
    if (sqlstateOf(error) !== sqlstate.holdRefused) throw error;
    return JSON.parse(detailOf(error)) as Shortage;
  }
}

function detailOf(error: unknown): string {
  if (error instanceof Error && "detail" in error) return String(error.detail);
  return error instanceof Error && error.cause ? detailOf(error.cause) : "{}";
}

/** Gives back what a job held. The job has ended, so it refers to its lessee no more. */
export const releaseHold = part(async (ctx: AccountContext, job: Job): Promise<void> => {
  await ctx.db.execute(sql`select release_job_hold(${job.lesseeId}, ${job.organizationId}, ${job.id})`);
});

/** What a job still holds in the month of its hold. */
const leftOf = ({ quotePico, chargedPico }: Job): bigint => (quotePico ?? 0n) - chargedPico;

/** Bills what checkpoints keep and no event has yet, out of the hold; `isOnUs`: it is counted and costs nothing. */
export const billSegments = part(async (ctx: AccountContext, job: Job, isOnUs: boolean): Promise<Job> => {
  const eventId = newId("request", ctx.now);
  const billed = await ctx.db
    .update(tuningSegments)
    .set({ eventId })
    .where(
      and(
        eq(tuningSegments.organizationId, job.organizationId),
        eq(tuningSegments.jobId, job.id),
        isNull(tuningSegments.eventId),
      ),
    )
    .returning({ tokens: tuningSegments.tokens });
  const tokens = billed.reduce((sum, segment) => sum + segment.tokens, 0);
  if (billed.length === 0) return job;
  const fee = feeOf(BigInt(tokens) * (job.trainingMicros ?? 0n), isOnUs ? 0n : leftOf(job));
  return charge(ctx, job, { eventId, kind: "training", quantity: tokens, fee });
});

/** Bills what a job that succeeded costs at least and has not trained. */
export const billMinimum = part(async (ctx: AccountContext, job: Job): Promise<Job> => {
  const rest = minimumFee(job.minimumPico ?? 0n, job.chargedPico + job.waivedPico);
  if (rest === 0n) return job;
  const eventId = newId("request", ctx.now);
  return charge(ctx, job, { eventId, kind: "training_minimum", quantity: 1, fee: feeOf(rest, leftOf(job)) });
});

type Charge = { eventId: Id<"request">; kind: UsageKind; quantity: number; fee: Fee };

async function charge(ctx: AccountContext, job: Job, made: Charge): Promise<Job> {
  const { cost, waived } = made.fee;
  const [kept] = await ctx.db
    .update(tuningJobs)
    .set({ chargedPico: job.chargedPico + cost, waivedPico: job.waivedPico + waived })
    .where(and(eq(tuningJobs.organizationId, job.organizationId), eq(tuningJobs.id, job.id)))
    .returning();
  await ctx.db.execute(sql`select meter(${JSON.stringify([eventOf(ctx, job, made)])}, ${job.lesseeId})`);
  if (!kept) throw new Error("A job that is billed is there.");
  return kept;
}

/** A fee as a row of usage: no request, so it has no tokens that were read or written. */
function eventOf(ctx: AccountContext, job: Job, { eventId, kind, quantity, fee }: Charge): UsageRow {
  return {
    ...feeRow(job),
    id: eventId,
    at: billedAt(job.heldMonth ?? monthOf(ctx.now), ctx.now).toISOString(),
    key_id: job.keyId,
    user_id: job.createdBy,
    requested_model: job.requestedModel,
    kind,
    job_id: job.id,
    quantity,
    fee_pico: String(fee.fee),
    cost_pico: String(fee.cost),
    waived_pico: String(fee.waived),
    held_pico: String(fee.cost),
  };
}

/** Holds the rest in this month instead of the one that is over; says which limit has no room for it. */
export const moveHold = part(async (ctx: AccountContext, job: Job): Promise<Shortage | undefined> => {
  const month = monthOf(ctx.now);
  return tried(ctx, async (ctx) => {
    await ctx.db.execute(
      sql`select move_job_hold(${job.organizationId}, ${job.id}, ${job.heldMonth}::date, ${month}::date)`,
    );
    await ctx.db
      .update(tuningJobs)
      .set({ heldMonth: month })
      .where(and(eq(tuningJobs.organizationId, job.organizationId), eq(tuningJobs.id, job.id)));
  });
});
