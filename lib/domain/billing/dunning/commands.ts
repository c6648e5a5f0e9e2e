import { and, eq, inArray, sql } from "drizzle-orm";
import { billingAccounts, billingCycles, invoices } from "#db/schema/billing.ts";
import { payments } from "#db/schema/payments.ts";
import { spendMonths } from "#db/schema/usage.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { monthOf } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import { nextThreshold } from "#lib/domain/billing/cycles/rules.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import { blockedLetter, unblockedLetter } from "./letters.ts";
import { type Debt, type Standing, standingOf } from "./rules.ts";

/**
 * Works out how the account stands and keeps it: called whenever what is owed changes, and by the clock. `/v1` hears of
 * a change with its next request. The caller's transaction holds the account's lock.
 */
export const refreshStanding = part(async (ctx: OrganizationContext): Promise<void> => {
  const { organizationId } = ctx;
  const account = await lockedAccount(ctx);
  const now = standingOf(await debtsOf(ctx), await isNextThresholdReached(ctx), ctx.now);
  const wasBlocked = account.blockedAt !== null;
  const isBlocked = now.blockedAt !== null;
  const isSame =
    wasBlocked === isBlocked &&
    account.blockedReason === now.reason &&
    account.pastDueSince?.getTime() === now.pastDueSince?.getTime();
  if (isSame) return;
  await ctx.db
    .update(billingAccounts)
    .set({
      pastDueSince: now.pastDueSince,
      // A block that goes on began when it began.
      blockedAt: isBlocked ? (account.blockedAt ?? ctx.now) : null,
      blockedReason: now.reason,
      updatedAt: ctx.now,
    })
    .where(eq(billingAccounts.organizationId, organizationId));
  if (wasBlocked !== isBlocked) await tellOf(ctx, now);
});

async function tellOf(ctx: OrganizationContext, { reason }: Standing): Promise<void> {
  await writeAudit(ctx, {
    action: reason ? "billing.block" : "billing.unblock",
    object: { type: "organization", id: ctx.organizationId },
    after: { reason },
    clause: "T-5.2-BILL",
  });
  for (const to of await billingReaders(ctx))
    await post(ctx, reason ? blockedLetter({ ctx, to, reason }) : unblockedLetter({ ctx, to }));
}

async function debtsOf(ctx: OrganizationContext): Promise<Debt[]> {
  const { organizationId } = ctx;
  const open = await ctx.db
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.state, "open")));
  const attempts = await ctx.db
    .select({ invoiceId: payments.invoiceId, state: payments.state, advice: payments.advice })
    .from(payments)
    .where(
      and(
        eq(payments.organizationId, organizationId),
        inArray(
          payments.invoiceId,
          open.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(payments.attempt);
  return open.map((invoice) => {
    const last = attempts.findLast(({ invoiceId }) => invoiceId === invoice.id);
    const hasFailed = last?.state === "failed" || last?.state === "requires_action";
    return {
      dueAt: invoice.dueAt,
      collectible: collectibleOf(invoice),
      isFailedAdvance: invoice.kind === "advance" && hasFailed,
    };
  });
}

/** Whether use has reached a threshold beyond the advances that were issued, or the last of them was not collected. */
async function isNextThresholdReached(ctx: OrganizationContext): Promise<boolean> {
  const { organizationId } = ctx;
  const month = monthOf(ctx.now);
  const [cycle] = await ctx.db
    .select()
    .from(billingCycles)
    .where(and(eq(billingCycles.organizationId, organizationId), eq(billingCycles.month, month)));
  const [used] = await ctx.db
    .select({ pico: spendMonths.settledPico })
    .from(spendMonths)
    .where(
      and(
        eq(spendMonths.organizationId, organizationId),
        eq(spendMonths.scope, "organization"),
        eq(spendMonths.month, month),
      ),
    );
  const failed = await ctx.db.execute<{ threshold: string | null }>(sql`
    select min(invoices.threshold_cents)::text as threshold from ${invoices} where organization_id = ${organizationId}
      and month = ${month} and kind = 'advance' and state = 'open'`);
  const lowest = failed[0]?.threshold;
  if (!cycle || !used || lowest === null || lowest === undefined) return false;
  const { ref, amounts, step } = cycle.thresholds;
  const plan = { ref, amounts: amounts.map(BigInt), step: step === null ? null : BigInt(step) };
  const next = nextThreshold(plan, BigInt(lowest));
  return next !== null && used.pico >= next * 10_000_000_000n;
}

/** Looks at every account that owes something or stands badly, so that time alone moves them; returns how many there were. */
export const refreshStandings = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const found = await ctx.db.execute<{ organizationId: OrganizationContext["organizationId"] }>(sql`
      select distinct organization_id as "organizationId" from (
        select organization_id from ${invoices} where state = 'open' and due_at <= ${ctx.now}
        union all select organization_id from ${billingAccounts} where past_due_since is not null or blocked_at is not null
      ) as standing`);
    for (const { organizationId } of found) {
      await transaction(inOrganization(ctx, organizationId), refreshStanding).catch((error: unknown) =>
        logError("billing.refresh-standing", error, { organization: organizationId }),
      );
    }
    return found.length;
  },
});
