import { asc, desc, isNotNull, isNull } from "drizzle-orm";
import { paymentDifferences } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { Difference } from "./view.ts";

/** Where a provider's books differ from ours and no one has said why, the oldest first. */
export async function openDifferences(ctx: AccountContext): Promise<Difference[]> {
  authorize(ctx.actor, "billing.decide");
  return ctx.db
    .select()
    .from(paymentDifferences)
    .where(isNull(paymentDifferences.resolvedAt))
    .orderBy(asc(paymentDifferences.foundAt), asc(paymentDifferences.ref))
    .limit(200);
}

/** What became of the last differences. */
export async function settledDifferences(ctx: AccountContext): Promise<Difference[]> {
  authorize(ctx.actor, "billing.decide");
  return ctx.db
    .select()
    .from(paymentDifferences)
    .where(isNotNull(paymentDifferences.resolvedAt))
    .orderBy(desc(paymentDifferences.resolvedAt))
    .limit(20);
}
