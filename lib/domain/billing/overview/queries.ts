import { and, asc, eq, gt, isNull, or, sql } from "drizzle-orm";
import { billingCycles, invoices } from "#db/schema/billing.ts";
import { creditGrants } from "#db/schema/credits.ts";
import { spendMonths } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { billingAccount } from "#lib/domain/billing/accounts/queries.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { listedColumns } from "#lib/domain/billing/invoices/listing/queries.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Overview } from "./view.ts";

/** How the organization's billing stands now: the running month, what was taken ahead of it, and what is owed. */
export async function overview(ctx: OrganizationContext): Promise<Overview> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const month = monthOf(ctx.now);
  const [account, terms, [used], [cycle], documents, creditCents] = await Promise.all([
    billingAccount(ctx),
    billingTerms(ctx),
    ctx.db
      .select({ pico: spendMonths.settledPico })
      .from(spendMonths)
      .where(
        and(
          eq(spendMonths.organizationId, organizationId),
          eq(spendMonths.scope, "organization"),
          eq(spendMonths.scopeId, organizationId),
          eq(spendMonths.month, month),
        ),
      ),
    ctx.db
      .select()
      .from(billingCycles)
      .where(and(eq(billingCycles.organizationId, organizationId), eq(billingCycles.month, month))),
    ctx.db
      .select(listedColumns)
      .from(invoices)
      .where(
        and(
          eq(invoices.organizationId, organizationId),
          or(eq(invoices.state, "open"), and(eq(invoices.month, month), eq(invoices.kind, "advance"))),
        ),
      )
      .orderBy(asc(invoices.dueAt), asc(invoices.seq)),
    creditLeft(ctx),
  ]);
  return {
    account,
    month,
    usedPico: used?.pico ?? 0n,
    thresholds: terms.thresholds,
    floorCents: cycle?.floorCents ?? 0n,
    carriedCents: cycle?.carriedCents ?? 0n,
    advances: documents
      .filter((one) => one.kind === "advance" && one.month === month)
      .toSorted((a, b) => Number((a.thresholdCents ?? 0n) - (b.thresholdCents ?? 0n))),
    creditCents,
    owed: documents.filter((one) => one.state === "open" && collectibleOf(one) > 0n),
  };
}

/** What of all credit can still be used. */
export async function creditLeft(ctx: OrganizationContext): Promise<bigint> {
  authorize(ctx.actor, "billing.read");
  const [left] = await ctx.db
    .select({ cents: sql<string>`coalesce(sum(${creditGrants.remainingCents}), 0)::text` })
    .from(creditGrants)
    .where(
      and(
        eq(creditGrants.organizationId, ctx.organizationId),
        or(isNull(creditGrants.expiresAt), gt(creditGrants.expiresAt, ctx.now)),
      ),
    );
  return BigInt(left?.cents ?? 0);
}
