import { and, eq, gt, isNull, lte, or } from "drizzle-orm";
import { purchaseOrders } from "#db/schema/orders.ts";
import { paymentMethods } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { billingAccount } from "../accounts/queries.ts";
import { type Missing, missingFor } from "./rules.ts";

/** What this organization still needs before it can be on the paid plan. */
export async function missingForPaid(ctx: OrganizationContext): Promise<Missing[]> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const [account, methods, orders] = await Promise.all([
    billingAccount(ctx),
    ctx.db.$count(paymentMethods, and(eq(paymentMethods.organizationId, organizationId), paymentMethods.isDefault)),
    ctx.db.$count(
      purchaseOrders,
      and(
        eq(purchaseOrders.organizationId, organizationId),
        eq(purchaseOrders.state, "active"),
        lte(purchaseOrders.startsAt, ctx.now),
        or(isNull(purchaseOrders.endsAt), gt(purchaseOrders.endsAt, ctx.now)),
      ),
    ),
  ]);
  return missingFor(account, methods > 0, orders > 0);
}
