import { and, desc, eq, gt, isNull, lte, or } from "drizzle-orm";
import { purchaseOrders, thresholdVersions } from "#db/schema/orders.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { Thresholds } from "./rules.ts";

export type BillingTerms = {
  thresholds: Thresholds;
  /** When an invoice of today is due that is sent, not collected. */
  dueAt: Date;
  poNumber: string | null;
  disputeDays: number;
  /** Net cents a month that are owed at least. */
  commitmentCents: bigint | null;
};

/** What the contract says now about billing. */
export async function billingTerms(ctx: OrganizationContext): Promise<BillingTerms> {
  authorize(ctx.actor, "billing.read");
  const [version] = await ctx.db
    .select()
    .from(thresholdVersions)
    .where(lte(thresholdVersions.effectiveFrom, ctx.now))
    .orderBy(desc(thresholdVersions.effectiveFrom), desc(thresholdVersions.version))
    .limit(1);
  const [order] = await ctx.db
    .select({ number: purchaseOrders.number })
    .from(purchaseOrders)
    .where(
      and(
        eq(purchaseOrders.organizationId, ctx.organizationId),
        eq(purchaseOrders.state, "active"),
        lte(purchaseOrders.startsAt, ctx.now),
        or(isNull(purchaseOrders.endsAt), gt(purchaseOrders.endsAt, ctx.now)),
      ),
    );
  return {
    thresholds: version
      ? { ref: `version ${version.version}`, amounts: version.amountsCents, step: version.stepCents }
      : { ref: "none", amounts: [], step: null },
    dueAt: addDays(ctx.now, 30),
    poNumber: order?.number ?? null,
    disputeDays: 30,
    commitmentCents: null,
  };
}
