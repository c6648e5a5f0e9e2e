import { and, eq, sql } from "drizzle-orm";
import { billingAccounts } from "#db/schema/billing.ts";
import { keys } from "#db/schema/keys.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { can } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import type { TuningPrice } from "#lib/core/money.ts";
import { refuseGone, visible } from "#lib/domain/contract/models/rules.ts";
import { modelNamed } from "#lib/domain/contract/values/queries.ts";
import { holdFor, type Shortage } from "#lib/domain/fine-tuning/money/commands.ts";
import { priceOn, quoteOf } from "#lib/domain/fine-tuning/money/rules.ts";
import { tellWaiting } from "#lib/domain/fine-tuning/news/commands.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { noteEvent, placeOf, transit } from "#lib/domain/fine-tuning/status/commands.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { entitlements, type Plan } from "#lib/domain/organizations/plan/rules.ts";
import { statusAt } from "#lib/domain/organizations/queries.ts";
import { type Maker, mayStill, shortageWords } from "./rules.ts";

/** The plan that holds now, which decides what training costs and how much of it there may be. */
export const planNow = part(
  async (ctx: AccountContext, { organizationId }: Pick<Job, "organizationId">): Promise<Plan> => {
    const [row] = await ctx.db
      .select({ plan: planColumn(ctx.now) })
      .from(organizations)
      .where(eq(organizations.id, organizationId));
    if (!row) throw new AppError("not_found", "This organization is gone.");
    return row.plan;
  },
);

/** A model by one of its names that this customer can have and a server has, with what tuning it costs. */
export const tunableModel = part(
  async (ctx: OrganizationContext, name: string): Promise<(Model & { tuning: TuningPrice }) | null> => {
    // A job that waits is begun by the house.
    const read = can(ctx.actor, "fine-tuning.write") ? "fine-tuning.write" : "system.operate";
    const found = await modelNamed(ctx, read, name);
    if (!found?.model.available || !visible(found.model, found.contract, ctx.now)) return null;
    const { tuning } = found.model;
    return tuning ? { ...found.model, tuning } : null;
  },
);

/** T-4.2.1-DISC2: says what to tune instead of a model that has ended, or is not offered to this customer any more. */
export const refuseEnded = part(async (ctx: OrganizationContext, name: string): Promise<void> => {
  const found = await modelNamed(ctx, "fine-tuning.write", name);
  if (found) refuseGone(found.model, found.contract, ctx.now);
});

/**
 * Gives a checked job its place in line, and holds what it may cost, all in the caller's transaction. Price and quote are
 * those of this moment and stay. Says which limit has no room for it.
 */
export const begin = part(async (ctx: AccountContext, job: Job): Promise<Job | { short: Shortage; needed: bigint }> => {
  const plan = await planNow(ctx, job);
  await refuseBeyondPlan(ctx, job, plan);
  await refuseUnpaid(ctx, job, plan);
  const model = await tunableModel(placeOf(ctx, job), job.model);
  if (!model || !job.extent)
    throw new AppError("conflict", `${job.requestedModel} cannot be tuned at the moment.`, {
      code: "model_not_tunable",
    });
  const price = priceOn(plan, model.tuning);
  const needed = quoteOf(job.extent, price);
  const held = await holdFor(ctx, job, needed);
  if (typeof held !== "string") return { short: held, needed };
  return transit(ctx, job, "start", {
    lesseeId: held,
    heldMonth: monthOf(ctx.now),
    trainingMicros: price.trainingMicros,
    minimumPico: price.trainingMinimumPico,
    quotePico: needed,
    startedAt: ctx.now,
    waitsFor: null,
  });
});

/** Whoever counts jobs to make or start one more is alone in it until the transaction ends. */
export const lockCounts = part(
  async (ctx: AccountContext, { organizationId }: Pick<Job, "organizationId">): Promise<void> => {
    await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`tuning_counts:${organizationId}`}))`);
  },
);

async function refuseBeyondPlan(ctx: AccountContext, job: Job, plan: Plan): Promise<void> {
  const { tokensMax, waitingMax } = entitlements[plan].tuning;
  if (tokensMax !== null && (job.extent?.trainTokens ?? 0) > tokensMax)
    throw new AppError(
      "forbidden",
      `The free plan trains up to ${tokensMax.toLocaleString("en-IE")} tokens a job. Lower epochs or training_steps, or change the plan.`,
      { code: "plan_limit" },
    );
  await lockCounts(ctx, job);
  const inLine = and(eq(tuningJobs.organizationId, job.organizationId), eq(tuningJobs.status, "STARTED"));
  if ((await ctx.db.$count(tuningJobs, inLine)) >= waitingMax)
    throw new AppError("conflict", `${waitingMax} jobs wait in line already. Start this one when some have ended.`, {
      code: "line_full",
    });
}

/** T-5.2-BILL: while invoices stay unpaid nothing more is owed for training. */
async function refuseUnpaid(ctx: AccountContext, job: Job, plan: Plan): Promise<void> {
  if (plan === "free") return;
  const [account] = await ctx.db
    .select({ blockedAt: billingAccounts.blockedAt })
    .from(billingAccounts)
    .where(eq(billingAccounts.organizationId, job.organizationId));
  if (!account?.blockedAt) return;
  const billing = publicLink(`/${job.workspaceId}/organization/billing`);
  throw new AppError(
    "limit_reached",
    `Invoices of this organization are unpaid. Pay at ${billing}, then start the job.`,
    {
      code: "payment_required",
      details: { billing_url: billing },
    },
  );
}

/** Starts a job that was to start by itself, or says on it what it waits for. */
export const beginByItself = part(async (ctx: AccountContext, job: Job): Promise<void> => {
  if (!mayStill(await makerOf(ctx, job))) return wait(ctx, job, "person", "Its maker may not start jobs any more.");
  const begun = await transaction(ctx, (ctx) => begin(ctx, job)).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  if (begun instanceof AppError) return wait(ctx, job, "person", begun.message);
  if (!("short" in begun)) return;
  const problem = shortageWords(begun.short, { workspaceId: job.workspaceId, needed: begun.needed });
  await wait(ctx, job, "limit", problem);
  await tellWaiting(placeOf(ctx, job), job, problem);
});

async function wait(ctx: AccountContext, job: Job, what: "limit" | "person", message: string): Promise<void> {
  await ctx.db
    .update(tuningJobs)
    .set({ waitsFor: what, modifiedAt: ctx.now })
    .where(and(eq(tuningJobs.organizationId, job.organizationId), eq(tuningJobs.id, job.id)));
  await noteEvent(ctx, job, `waiting_for_${what}`, { message });
}

async function makerOf(ctx: AccountContext, job: Job): Promise<Maker> {
  const { organizationId, workspaceId, createdBy, keyId } = job;
  const inWorkspace = sql<string[]>`workspace_roles(${organizationId}, ${workspaceId}, ${createdBy})`;
  const [found] = await ctx.db
    .select({
      status: statusAt(ctx.now),
      roles: members.roles,
      more: inWorkspace,
    })
    .from(organizations)
    .leftJoin(members, and(eq(members.organizationId, organizations.id), eq(members.userId, createdBy)))
    .where(eq(organizations.id, organizationId));
  const roles = found?.roles ? [...found.roles, ...found.more] : null;
  return {
    status: found?.status ?? "terminated",
    roles,
    isKeyGood: keyId && (await isKeyGood(ctx, { organizationId, keyId })),
  };
}

async function isKeyGood(
  ctx: AccountContext,
  { organizationId, keyId }: { organizationId: Job["organizationId"]; keyId: NonNullable<Job["keyId"]> },
): Promise<boolean> {
  const at = ctx.now.toISOString();
  const good = and(
    eq(keys.organizationId, organizationId),
    eq(keys.id, keyId),
    sql`${keys.revokedAt} is null and coalesce(${keys.expiresAt} > ${at}::timestamptz, true) and 'fine-tuning:write' = any(${keys.scopes})`,
  );
  return (await ctx.db.$count(keys, good)) > 0;
}
