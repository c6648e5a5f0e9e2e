import { isNull } from "drizzle-orm";
import { providerEvents } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";

export type ProviderEventRow = typeof providerEvents.$inferSelect;

/** Events that were taken and not worked off, oldest first. */
export async function waitingEvents(ctx: AccountContext): Promise<ProviderEventRow[]> {
  authorize(ctx.actor, "system.operate");
  return ctx.db
    .select()
    .from(providerEvents)
    .where(isNull(providerEvents.processedAt))
    .orderBy(providerEvents.receivedAt)
    .limit(200);
}
