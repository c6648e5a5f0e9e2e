import { and, eq, sql } from "drizzle-orm";
import { advanceApplications, billingCycles } from "#db/schema/billing.ts";
import { usageLines } from "#db/schema/usage.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { log, logError } from "#lib/core/log.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { addCredit, spendCredit } from "#lib/domain/billing/credits/commands.ts";
import { openCycle } from "#lib/domain/billing/cycles/commands.ts";
import { type BillingTerms, billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { cycleOf, monthAfter, underTerms } from "#lib/domain/billing/cycles/rules.ts";
import { issue, lockedInvoice } from "#lib/domain/billing/invoices/commands.ts";
import { amountLine, type DraftLine, linesOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import { summaryIssued } from "#lib/domain/billing/ledger/rules.ts";
import { cancelAdvance } from "#lib/domain/billing/settlement/commands.ts";
import { meetDeadline } from "#lib/domain/deadlines/commands.ts";
import { advancesOf, closableMonths, endedWithin, isUnderWay, usageToBill } from "./queries.ts";
import { type Advance, fateOf, inOrder, sumOf } from "./rules.ts";

/** Requests of the old month may end so long into the new one; what is later goes to the next invoice. */
const drainMinutes = 60;

export type Closing = "closed" | "nothing_due" | "waits";

/** T-5.2-EOC: closes every month that is over; returns how many were closed. */
export const closeMonths = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let closed = 0;
    for (const { organizationId, month } of await closableMonths(ctx)) {
      const its = inOrganization(ctx, organizationId);
      const outcome = await closeMonth(its, month).catch((error: unknown) => {
        logError("billing.close-months", error, { organization: organizationId, month });
        return "waits" as const;
      });
      if (outcome !== "waits") closed += 1;
    }
    if (closed > 0) log("billing.closed", { clause: "T-5.2-EOC", cycles: closed });
    return closed;
  },
});

/**
 * Closes one month of the context's organization, once, however many try: advances that were collected are taken off,
 * others canceled, and the rest is invoiced. Waits while requests are under way or a payment's outcome is unknown.
 */
export const closeMonth = command({
  can: "system.operate",
  within: "organization",
  run: (ctx, month: string): Promise<Closing> => transaction(ctx, (ctx) => close(ctx, month)),
});

async function close(ctx: OrganizationContext, month: string): Promise<Closing> {
  // What is agreed for a month is what held in its last moment.
  const cycleEnd = cycleOf(month).endsAt;
  const endedAt = await endedWithin(ctx, cycleOf(month));
  const closesAt = endedAt ?? cycleEnd;
  const terms = await billingTerms(ctx, new Date(closesAt.getTime() - 1));
  const account = underTerms(await lockedAccount(ctx), terms);
  const cycle = await openCycle(ctx, month, terms.thresholds);
  if (cycle.state === "invoiced" || ctx.now < closesAt) return "waits";
  const isDraining = endedAt === null && ctx.now < addMinutes(cycleEnd, drainMinutes);
  if (isDraining && (await isUnderWay(ctx, month)))
    return note(ctx, month, "Requests of the month are still under way.");
  const advances = await advancesOf(ctx, month);
  const fates = advances.map((advance) => ({ advance, fate: fateOf(advance) }));
  if (fates.some(({ fate }) => fate === "waits"))
    return note(ctx, month, "The outcome of an advance's payment is not known yet.");
  for (const { advance, fate } of fates)
    if (fate === "canceled") await cancelAdvance(ctx, account, await lockedInvoice(ctx, advance.id as Invoice["id"]));
  const applied = fates.flatMap(({ advance, fate }) => (fate === "applied" ? advance : []));
  return bill(ctx, account, { month, carried: cycle.carriedCents, applied, terms, isFinal: endedAt !== null });
}

async function note(ctx: OrganizationContext, month: string, problem: string): Promise<"waits"> {
  await ctx.db.update(billingCycles).set({ problem }).where(itsCycle(ctx, month));
  return "waits";
}

const itsCycle = ({ organizationId }: OrganizationContext, month: string) =>
  and(eq(billingCycles.organizationId, organizationId), eq(billingCycles.month, month));

type Month = { month: string; carried: bigint; applied: Advance[]; terms: BillingTerms; isFinal: boolean };

async function bill(
  ctx: OrganizationContext,
  account: Account,
  { month, carried, applied, terms, isFinal }: Month,
): Promise<Closing> {
  const prepaid = sumOf(applied);
  const used = (await usageToBill(ctx, month)).filter(({ costPico }) => costPico > 0n);
  const lines = [...inOrder(used).flatMap(linesOf), ...extraLines(month, carried, used, terms)];
  const netCents = lines.reduce((sum, { exactPico }) => sum + exactPico, 0n) / 10_000_000_000n;
  const rest = netCents - prepaid.net;
  const isSmall = rest < BigInt(env().BILLING_MINIMUM_CENTS);
  if (applied.length === 0 && isSmall && (netCents > 0n || env().BILLING_ZERO_INVOICES === "off")) {
    // What is too small to collect stays unbilled, and is on the next invoice with its own month.
    await finish(ctx, month, { carriedOn: isFinal ? 0n : carried });
    return "nothing_due";
  }
  // After the end there is no next invoice to carry anything to.
  const carriedOn = isSmall && rest > 0n && !isFinal ? rest : 0n;
  if (carriedOn > 0n)
    lines.push(
      amountLine("carry", month, -carriedOn, {
        description: "Carried to the next invoice",
        detail: "Too little to collect on its own",
      }),
    );
  const summary = await issue(ctx, account, {
    kind: isFinal ? "final" : "summary",
    month,
    prepaid: prepaid.total,
    poNumber: terms.poNumber,
    dueAt: account.collection === "auto" ? ctx.now : terms.dueAt,
    lines: lines.length > 0 ? lines : [amountLine("other", month, 0n, { description: "No billable use this month" })],
    clause: "T-5.2-EOC",
    entries: (sums) => summaryIssued(sums, prepaid),
  });
  await apply(ctx, summary, applied);
  await markInvoiced(ctx, month);
  if (prepaid.total > summary.totalCents)
    await addCredit(ctx, {
      kind: "refund",
      amount: prepaid.total - summary.totalCents,
      reason: `Advances above ${summary.number}`,
    });
  await spendCredit(ctx, summary);
  await finish(ctx, month, { carriedOn });
  return "closed";
}

/** What an invoice has beside use: what was carried to it, and what an order promises at least. */
function extraLines(
  month: string,
  carried: bigint,
  used: Awaited<ReturnType<typeof usageToBill>>,
  { commitmentCents }: BillingTerms,
): DraftLine[] {
  const lines: DraftLine[] = [];
  if (carried > 0n) lines.push(amountLine("carry", month, carried, { description: "Carried from the invoice before" }));
  const cents = used.reduce((sum, { costPico }) => sum + costPico, 0n) / 10_000_000_000n;
  if (cents < commitmentCents)
    lines.push(
      amountLine("commitment", month, commitmentCents - cents, {
        description: "Up to the monthly commitment",
        detail: "By the purchase order",
      }),
    );
  return lines;
}

async function apply(ctx: OrganizationContext, summary: Invoice, applied: readonly Advance[]): Promise<void> {
  if (applied.length === 0) return;
  await ctx.db.insert(advanceApplications).values(
    applied.map(({ id, netCents, taxCents, totalCents }) => ({
      organizationId: ctx.organizationId,
      advanceId: id as Invoice["id"],
      summaryId: summary.id,
      netCents,
      taxCents,
      totalCents,
    })),
  );
}

/** From here on, what comes for the month is the difference, and goes to the next invoice. */
const markInvoiced = (ctx: OrganizationContext, month: string) =>
  ctx.db.execute(sql`
    update ${usageLines} set invoiced_requests = requests, invoiced_quantity = quantity, invoiced_prompt_tokens = prompt_tokens,
      invoiced_cached_tokens = cached_tokens, invoiced_completion_tokens = completion_tokens, invoiced_pico = cost_pico
    where organization_id = ${ctx.organizationId} and month <= ${month}`);

async function finish(ctx: OrganizationContext, month: string, { carriedOn }: { carriedOn: bigint }): Promise<void> {
  await ctx.db
    .update(billingCycles)
    .set({ state: "invoiced", closedAt: ctx.now, problem: null })
    .where(itsCycle(ctx, month));
  await meetDeadline(ctx, "billing.close", month);
  if (carriedOn === 0n) return;
  const next = await openCycle(ctx, monthAfter(month), (await billingTerms(ctx)).thresholds);
  await ctx.db
    .update(billingCycles)
    .set({ carriedCents: next.carriedCents + carriedOn })
    .where(itsCycle(ctx, next.month));
}
