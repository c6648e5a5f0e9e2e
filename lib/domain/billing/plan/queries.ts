import { and, eq } from "drizzle-orm";
import { paymentMethods } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { billingAccount } from "#lib/domain/billing/accounts/queries.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import { type Missing, missingFor } from "./rules.ts";

/** What this organization still needs before it can be on the paid plan. */
export async function missingForPaid(ctx: OrganizationContext): Promise<Missing[]> {
  authorize(ctx.actor, "billing.read");
  const its = eq(paymentMethods.organizationId, ctx.organizationId);
  const [account, methods, plan] = await Promise.all([
    billingAccount(ctx),
    ctx.db.$count(paymentMethods, and(its, paymentMethods.isDefault)),
    currentPlan(ctx),
  ]);
  return missingFor(account, methods > 0, plan === "order");
}
