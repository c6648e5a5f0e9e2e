import { sql } from "drizzle-orm";
import { billingAccounts, billingCycles, invoices } from "#db/schema/billing.ts";
import { spendMonths, usageLines } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";

/** Whether money is held for requests that were let in before an end, so that what they cost is not known yet. */
export async function isUnderWayAt(ctx: OrganizationContext, endedAt: Date): Promise<boolean> {
  authorize(ctx.actor, "billing.read");
  const [row] = await ctx.db.execute<{ found: boolean }>(sql`
    select exists (select from ${spendMonths} where organization_id = ${ctx.organizationId} and scope = 'organization'
      and scope_id = ${ctx.organizationId} and month <= ${lastMonth(endedAt)} and held_pico > 0) as found`);
  return row?.found ?? false;
}

/** The month of the last instant before an end. */
const lastMonth = (endedAt: Date): string => monthOf(new Date(endedAt.getTime() - 1));

/** Whether use until an end is still to be billed; `billed` where there is an invoice of its last month, `nothing` elsewhere. */
export async function hasOpenUse(ctx: OrganizationContext, endedAt: Date): Promise<"open" | "billed" | "nothing"> {
  authorize(ctx.actor, "billing.read");
  const month = lastMonth(endedAt);
  const [row] = await ctx.db.execute<{ open: boolean; billed: boolean }>(sql`
    select exists (select from ${billingCycles} where organization_id = ${ctx.organizationId} and month <= ${month} and state = 'open')
        or exists (select from ${billingAccounts} as account join ${usageLines} as used using (organization_id)
          where account.organization_id = ${ctx.organizationId} and used.month <= ${month} and used.cost_pico > used.invoiced_pico
            and used.month >= date_trunc('month', account.created_at, 'UTC')::date
            and not exists (select from ${billingCycles} as cycle where cycle.organization_id = used.organization_id and cycle.month = used.month)) as open,
      exists (select from ${invoices} where organization_id = ${ctx.organizationId} and month = ${month}
        and kind in ('summary', 'final')) as billed`);
  if (row?.open) return "open";
  return row?.billed ? "billed" : "nothing";
}
