import { and, desc, eq, isNull } from "drizzle-orm";
import { paymentMethods } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { PaymentMethod } from "./view.ts";

/** What the organization can be charged by, the chosen one first. */
export async function paymentMethodsOf(ctx: OrganizationContext): Promise<PaymentMethod[]> {
  authorize(ctx.actor, "billing.read");
  return ctx.db
    .select()
    .from(paymentMethods)
    .where(and(eq(paymentMethods.organizationId, ctx.organizationId), isNull(paymentMethods.detachedAt)))
    .orderBy(desc(paymentMethods.isDefault), desc(paymentMethods.createdAt));
}
