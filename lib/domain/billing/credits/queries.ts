import { and, asc, desc, eq, getColumns, inArray } from "drizzle-orm";
import { invoices } from "#db/schema/billing.ts";
import { creditGrants, creditUses } from "#db/schema/credits.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { CreditView } from "./view.ts";

/** All credit the organization was given, newest first, with the documents each paid. */
export async function creditsOf(ctx: OrganizationContext): Promise<CreditView[]> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const grants = await ctx.db
    .select()
    .from(creditGrants)
    .where(eq(creditGrants.organizationId, organizationId))
    .orderBy(desc(creditGrants.createdAt), desc(creditGrants.id))
    .limit(500);
  const ids = grants.map(({ id }) => id);
  const uses = await ctx.db
    .select({ ...getColumns(creditUses), number: invoices.number })
    .from(creditUses)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, creditUses.organizationId), eq(invoices.id, creditUses.invoiceId)),
    )
    .where(and(eq(creditUses.organizationId, organizationId), inArray(creditUses.creditId, ids)))
    .orderBy(asc(creditUses.at), asc(creditUses.invoiceId));
  return grants.map((grant) => ({ ...grant, uses: uses.filter(({ creditId }) => creditId === grant.id) }));
}
