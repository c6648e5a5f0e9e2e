import { and, eq, gt, isNull, lt, lte, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { deadlines, legalNotices } from "#db/schema/contract.ts";
import { modelChanges } from "#db/schema/models.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { retirementOf } from "#lib/domain/contract/models/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { nextStep } from "#lib/domain/deadlines/rules.ts";
import { lockEnds } from "#lib/domain/lifecycle/commands.ts";
import { postponeInput } from "#lib/domain/lifecycle/input.ts";
import { progressOf } from "#lib/domain/lifecycle/queries.ts";
import type { AnnouncedEnd } from "#lib/domain/lifecycle/view.ts";

/** Moves the end of a model later, for every customer whose own date is not later still. It never moves earlier. */
export const postponeEnd = command({
  can: "models.decide",
  within: "account",
  input: postponeInput,
  run: async (ctx, { id, retiresAt }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockEnds(ctx);
      const [open] = await ctx.db
        .select()
        .from(modelChanges)
        .where(and(eq(modelChanges.id, id), isNull(modelChanges.retiredAt)))
        .for("update");
      if (!open) throw new AppError("not_found", "There is no announced end of this id that is still to come.");
      await refuseMove(ctx, open, retiresAt);
      await ctx.db.update(modelChanges).set({ retiresAt }).where(eq(modelChanges.id, id));
      await moveDates(ctx, id, retiresAt);
      await writeAudit(ofProvider(ctx), {
        action: "model.postpone",
        object: { type: "model_change", id },
        before: { retiresAt: open.retiresAt },
        after: { model: open.modelId, retiresAt },
        clause: "T-4.2.1-DISC1",
      });
    }),
});

async function refuseMove(ctx: AccountContext, open: AnnouncedEnd, retiresAt: Date): Promise<void> {
  const refuse = (message: string): never => {
    throw new AppError("conflict", message, { code: "end_refused", fields: { retiresAt: [message] } });
  };
  if (retiresAt <= open.retiresAt) refuse(`It can only end later than ${open.retiresAt.toISOString()}.`);
  if (open.retiresAt <= ctx.now) refuse("Its date has come: it has ended for customers already.");
  const [next] = await ctx.db
    .select()
    .from(modelChanges)
    .where(and(eq(modelChanges.modelId, open.replacement), lte(modelChanges.retiresAt, retiresAt)));
  if (next) refuse(`${open.replacement}, which replaces it, ends on ${next.retiresAt.toISOString()}.`);
}

/** The dates of notices that are given and of those that are still to be, and the clocks that run to them. */
async function moveDates(ctx: AccountContext, id: Id<"modelChange">, retiresAt: Date): Promise<void> {
  const its = and(eq(legalNotices.about, "model"), eq(legalNotices.aboutId, id));
  await ctx.db.execute(sql`update notice_runs set planned_at = ${retiresAt.toISOString()}::timestamptz,
    effective_at = case when effective_at is not null then greatest(effective_at, ${retiresAt.toISOString()}::timestamptz) end
    where about = 'model' and about_id = ${id}`);
  await ctx.db
    .update(legalNotices)
    .set({ effectiveAt: retiresAt })
    .where(and(its, lt(legalNotices.effectiveAt, retiresAt)));
  await ctx.db.update(legalNotices).set({ plannedAt: retiresAt }).where(its);
  const step = nextStep("model.retire", { openedAt: ctx.now, dueAt: retiresAt, at: ctx.now });
  await ctx.db
    .update(deadlines)
    .set({ dueAt: retiresAt, ...step })
    .where(
      and(
        eq(deadlines.clock, "model.retire"),
        eq(deadlines.subjectId, id),
        isNull(deadlines.metAt),
        isNull(deadlines.cancelledAt),
        gt(sql`${retiresAt.toISOString()}::timestamptz`, deadlines.dueAt),
      ),
    );
}

/**
 * Notes that a model has ended for all customers: from then on it need not be served. A customer without a notice, or with a
 * later date of their own, keeps it open; no customer's own end waits for this.
 */
export const retireModels = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const due = await ctx.db
      .select()
      .from(modelChanges)
      .where(and(isNull(modelChanges.retiredAt), lte(modelChanges.retiresAt, ctx.now)));
    for (const end of due)
      await retire(ctx, end).catch((error: unknown) => logError("models.retire", error, { model: end.modelId }));
  },
});

async function retire(ctx: AccountContext, end: AnnouncedEnd): Promise<void> {
  const { unnoticed, lastFloor } = await progressOf(ctx, end);
  const ordered = await orderedUntil(ctx, end);
  const last = new Date(Math.max(end.retiresAt.getTime(), lastFloor?.at.getTime() ?? 0, ordered));
  if (unnoticed > 0 || last > ctx.now) return;
  await transaction(ctx, async (ctx) => {
    const retired = await ctx.db
      .update(modelChanges)
      .set({ retiredAt: last })
      .where(
        and(eq(modelChanges.id, end.id), isNull(modelChanges.retiredAt), eq(modelChanges.retiresAt, end.retiresAt)),
      )
      .returning({ id: modelChanges.id });
    if (retired.length === 0) return;
    await writeAudit(ofProvider(ctx), {
      action: "model.retire",
      object: { type: "model_change", id: end.id },
      after: { model: end.modelId, retiredAt: last },
      clause: "T-4.2.1-DISC1",
    });
  });
}

/** The last date of customers that have the model by order (T-4.2.1-DISC2), in milliseconds since the epoch. */
async function orderedUntil(ctx: AccountContext, { id, modelId, ...end }: AnnouncedEnd): Promise<number> {
  const rows = await ctx.db.execute<{ organization_id: Id<"organization"> }>(sql`
    select distinct organization_id from order_terms where key = ${`model.allowed:${modelId}`}`);
  const change = { id, ...end, successors: [] };
  const dates = await Promise.all(
    rows.map(async ({ organization_id: organizationId }) => {
      const contract = await contractSources(inOrganization(ctx, organizationId));
      return retirementOf({ id: modelId, change }, contract, ctx.now)?.getTime() ?? 0;
    }),
  );
  return Math.max(0, ...dates);
}
