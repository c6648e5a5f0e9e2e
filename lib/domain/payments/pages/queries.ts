import { and, eq, isNotNull, lte } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { hostedPages } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import type { ProviderId } from "#lib/engine/payments/port.ts";

export type HostedPageRow = typeof hostedPages.$inferSelect;

/** A page a person was sent to; null when it is not this organization's. */
export async function hostedPage(ctx: OrganizationContext, id: Id<"hostedPage">): Promise<HostedPageRow | null> {
  authorize(ctx.actor, "billing.read");
  const [page = null] = await ctx.db
    .select()
    .from(hostedPages)
    .where(and(eq(hostedPages.organizationId, ctx.organizationId), eq(hostedPages.id, id)));
  return page;
}

/** The page a provider speaks of, whichever organization's it is. */
export async function pageByRef(ctx: AccountContext, provider: ProviderId, ref: string): Promise<HostedPageRow | null> {
  authorize(ctx.actor, "system.operate");
  const [page = null] = await ctx.db
    .select()
    .from(hostedPages)
    .where(and(eq(hostedPages.provider, provider), eq(hostedPages.ref, ref)));
  return page;
}

/** Pages that were opened a while ago and of which nothing was heard. */
export async function openPages(ctx: AccountContext): Promise<HostedPageRow[]> {
  authorize(ctx.actor, "system.operate");
  return ctx.db
    .select()
    .from(hostedPages)
    .where(
      and(
        eq(hostedPages.state, "open"),
        isNotNull(hostedPages.ref),
        lte(hostedPages.createdAt, addMinutes(ctx.now, -2)),
      ),
    )
    .limit(500);
}
