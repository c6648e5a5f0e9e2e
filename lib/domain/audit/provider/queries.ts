import { and, desc, eq } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { ofProvider } from "#lib/core/audit.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { AuditRow } from "#lib/domain/audit/view.ts";

const deciders = { price: "prices.decide", thresholds: "thresholds.decide" } as const;

/** Who last changed what holds for all customers, newest first, for those who may change it too. */
export async function providerChanges(ctx: AccountContext, type: keyof typeof deciders): Promise<AuditRow[]> {
  authorize(ctx.actor, deciders[type]);
  const { organizationId } = ofProvider(ctx);
  return ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.organizationId, organizationId), eq(auditEvents.objectType, type)))
    .orderBy(desc(auditEvents.sequence))
    .limit(50);
}
