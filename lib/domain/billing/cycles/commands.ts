import { and, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { billingAccounts, billingCycles, invoices } from "#db/schema/billing.ts";
import { thresholdVersions } from "#db/schema/orders.ts";
import { spendMonths } from "#db/schema/usage.ts";
import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { formatCents } from "#lib/core/money.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { spendCredit } from "#lib/domain/billing/credits/commands.ts";
import { refreshStanding } from "#lib/domain/billing/dunning/commands.ts";
import { issue } from "#lib/domain/billing/invoices/commands.ts";
import { amountLine } from "#lib/domain/billing/invoices/rules.ts";
import { advanceIssued } from "#lib/domain/billing/ledger/rules.ts";
import { openDeadline } from "#lib/domain/deadlines/commands.ts";
import { billingTerms } from "./queries.ts";
import { crossings, nextThreshold, type Thresholds, underTerms } from "./rules.ts";

type Cycle = typeof billingCycles.$inferSelect;

const kept = ({ ref, amounts, step }: Thresholds): Cycle["thresholds"] => ({
  ref,
  amounts: amounts.map(String),
  step: step === null ? null : String(step),
});

const thresholdsOf = ({ thresholds: { ref, amounts, step } }: Cycle): Thresholds => ({
  ref,
  amounts: amounts.map(BigInt),
  step: step === null ? null : BigInt(step),
});

/**
 * T-5.2-ADV2: issues the advances of every organization whose use has met a threshold; returns how many. Two processes that
 * look at once issue each once: the account's lock decides, and the index of advances behind it.
 */
export const issueAdvances = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let issued = 0;
    for (const { organizationId } of await candidates(ctx, monthOf(ctx.now))) {
      // One organization's trouble must not keep the advances of all others.
      issued += await transaction(inOrganization(ctx, organizationId), advanceIn).catch((error: unknown) => {
        logError("billing.issue-advances", error, { organization: organizationId });
        return 0;
      });
    }
    return issued;
  },
});

/**
 * Accounts whose use has met the next threshold, which have no cycle yet, or whose thresholds may have changed since the
 * last look: a version or an order came into force or ended.
 */
const candidates = ({ db, now }: AccountContext, month: string) =>
  db.execute<{ organizationId: Id<"organization"> }>(sql`
    select account.organization_id as "organizationId" from ${billingAccounts} as account
    join ${spendMonths} as used on used.organization_id = account.organization_id and used.scope = 'organization'
      and used.scope_id = account.organization_id and used.month = ${month}
    left join ${billingCycles} as cycle on cycle.organization_id = account.organization_id and cycle.month = ${month}
    where used.settled_pico > 0 and (cycle.month is null or used.settled_pico >= cycle.next_cents::numeric * 10000000000
      or exists (select from ${thresholdVersions} as version where version.effective_from > cycle.looked_at and version.effective_from <= ${now})
      or exists (select from order_periods(account.organization_id) as held where held.starts_at > cycle.looked_at and held.starts_at <= ${now}
        or held.ends_at > cycle.looked_at and held.ends_at <= ${now}))`);

async function advanceIn(ctx: OrganizationContext): Promise<number> {
  const month = monthOf(ctx.now);
  const terms = await billingTerms(ctx);
  const { thresholds } = terms;
  const account = underTerms(await lockedAccount(ctx), terms);
  const usedPico = await usedIn(ctx, month);
  const cycle = await openCycle(ctx, month, thresholds);
  if (cycle.state !== "open") return 0;
  const before = thresholdsOf(cycle);
  let issued = await issueCrossed(ctx, account, cycle, before, usedPico);
  if (before.ref !== thresholds.ref) {
    // T-5.2-ADV1: what was passed while other thresholds held is not charged by the new ones.
    const floorCents = usedPico / 10_000_000_000n;
    await ctx.db
      .update(billingCycles)
      .set({ thresholds: kept(thresholds), floorCents })
      .where(itsCycle(ctx, month));
    issued += await issueCrossed(ctx, account, { ...cycle, floorCents }, thresholds, usedPico);
  }
  const reached = await chargedIn(ctx, month);
  const [{ floorCents } = cycle] = await ctx.db.select().from(billingCycles).where(itsCycle(ctx, month));
  const nextCents = nextThreshold(thresholds, reached > floorCents ? reached : floorCents);
  await ctx.db.update(billingCycles).set({ nextCents, lookedAt: ctx.now }).where(itsCycle(ctx, month));
  if (issued > 0) await refreshStanding(ctx);
  return issued;
}

const itsCycle = ({ organizationId }: OrganizationContext, month: string) =>
  and(eq(billingCycles.organizationId, organizationId), eq(billingCycles.month, month));

/** The month's cycle, opened by the first who needs it. */
export const openCycle = part(
  async (ctx: OrganizationContext, month: string, thresholds: Thresholds): Promise<Cycle> => {
    const opened = await ctx.db
      .insert(billingCycles)
      .values({
        organizationId: ctx.organizationId,
        month,
        state: "open",
        thresholds: kept(thresholds),
        floorCents: 0n,
        nextCents: nextThreshold(thresholds, 0n),
        lookedAt: ctx.now,
        carriedCents: 0n,
      })
      .onConflictDoNothing()
      .returning({ month: billingCycles.month });
    if (opened.length > 0) {
      const subject = { kind: "cycle", id: month } as const;
      await openDeadline(ctx, { clock: "billing.close", subject, dueAt: endOfMonth(month) });
    }
    const [cycle] = await ctx.db.select().from(billingCycles).where(itsCycle(ctx, month));
    if (!cycle) throw new Error("A billing cycle has no row.");
    return cycle;
  },
);

async function usedIn(ctx: OrganizationContext, month: string): Promise<bigint> {
  const [used] = await ctx.db
    .select({ pico: spendMonths.settledPico })
    .from(spendMonths)
    .where(
      and(
        eq(spendMonths.organizationId, ctx.organizationId),
        eq(spendMonths.scope, "organization"),
        eq(spendMonths.scopeId, ctx.organizationId),
        eq(spendMonths.month, month),
      ),
    );
  return used?.pico ?? 0n;
}

async function issueCrossed(
  ctx: OrganizationContext,
  account: Account,
  { month, floorCents }: Cycle,
  thresholds: Thresholds,
  usedPico: bigint,
): Promise<number> {
  const found = crossings(thresholds, { usedPico, chargedCents: await chargedIn(ctx, month), floorCents });
  if (found.length === 0) return 0;
  const { poNumber, dueAt } = await billingTerms(ctx);
  for (const { thresholdCents, netCents } of found) {
    const advance = await issue(ctx, account, {
      kind: "advance",
      month,
      thresholdCents,
      poNumber,
      dueAt: account.collection === "auto" ? ctx.now : dueAt,
      lines: [
        amountLine("advance", month, netCents, {
          description: `Advance payment for ${month.slice(0, 7)}`,
          detail: `Consumption threshold of ${formatCents(thresholdCents)} reached`,
        }),
      ],
      notes: ["It is taken off in full from the invoice of the month."],
      clause: "T-5.2-ADV2",
      entries: advanceIssued,
    });
    await spendCredit(ctx, advance);
  }
  return found.length;
}

/** The highest threshold of the month that an advance was issued for, in cents. */
async function chargedIn(ctx: OrganizationContext, month: string): Promise<bigint> {
  const [charged] = await ctx.db.execute<{ cents: string }>(sql`
    select coalesce(max(threshold_cents), 0)::text as cents from ${invoices}
    where organization_id = ${ctx.organizationId} and month = ${month} and kind = 'advance'`);
  return BigInt(charged?.cents ?? 0);
}
