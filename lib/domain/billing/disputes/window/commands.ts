import { and, eq, gt, isNull } from "drizzle-orm";
import { invoices } from "#db/schema/billing.ts";
import { deadlines } from "#db/schema/contract.ts";
import { command, part } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { disputableUntil } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import { cancelDeadline, moveDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";

/** T-5.2-DISP: until when it can be disputed, by the contract of today; a credit note gives back, and is not. */
export const openWindow = part(
  async (ctx: OrganizationContext, { id, kind, issuedAt, totalCents }: Invoice): Promise<void> => {
    if (kind === "credit_note" || totalCents === 0n) return;
    const { disputeDays } = await billingTerms(ctx);
    const dueAt = disputableUntil(issuedAt, disputeDays);
    await openDeadline(ctx, { clock: "dispute.window", subject: { kind: "invoice", id }, dueAt });
  },
);

/** All of it was credited: nothing is left that could be disputed. */
export const closeWindow = part(
  (ctx: OrganizationContext, { id }: Pick<Invoice, "id">): Promise<void> => cancelDeadline(ctx, "dispute.window", id),
);

const isRunning = (ctx: { now: Date }) =>
  and(
    eq(deadlines.clock, "dispute.window"),
    isNull(deadlines.metAt),
    isNull(deadlines.cancelledAt),
    gt(deadlines.dueAt, ctx.now),
  );

/**
 * Moves the windows of customers whose contract gives other days by now: an order began or ended, or the terms changed. What
 * can be disputed is asked of the contract itself and does not wait for this.
 */
export const followWindows = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const found = await ctx.db
      .selectDistinct({ organizationId: deadlines.organizationId })
      .from(deadlines)
      .where(isRunning(ctx));
    for (const { organizationId } of found)
      await followOf(inOrganization(ctx, organizationId)).catch((error: unknown) =>
        logError("billing.follow-windows", error, { organization: organizationId, clause: "T-5.2-DISP" }),
      );
  },
});

async function followOf(ctx: OrganizationContext): Promise<void> {
  const { disputeDays } = await billingTerms(ctx);
  const open = await ctx.db
    .select({ id: invoices.id, issuedAt: invoices.issuedAt })
    .from(deadlines)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, deadlines.organizationId), eq(invoices.id, deadlines.subjectId as never)),
    )
    .where(and(eq(deadlines.organizationId, ctx.organizationId), isRunning(ctx)));
  for (const { id, issuedAt } of open)
    await moveDeadline(ctx, "dispute.window", id, disputableUntil(issuedAt, disputeDays));
}
