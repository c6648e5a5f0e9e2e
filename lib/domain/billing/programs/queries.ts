import { and, desc, eq, lt } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoices } from "#db/schema/billing.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";

type Asked = {
  kind?: Invoice["kind"] | undefined;
  state?: Invoice["state"] | undefined;
  /** The first day of the month a document belongs to. */
  month?: string | undefined;
  after?: Id<"invoice"> | undefined;
  limit: number;
};

/** Documents for programs, newest first, after one of them; ids are in the order of issue. */
export async function invoiceSlice(
  ctx: OrganizationContext,
  { kind, state, month, after, limit }: Asked,
): Promise<{ rows: Invoice[]; hasMore: boolean }> {
  authorize(ctx.actor, "billing.read");
  const found = await ctx.db
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, ctx.organizationId),
        kind && eq(invoices.kind, kind),
        state && eq(invoices.state, state),
        month ? eq(invoices.month, month) : undefined,
        after && lt(invoices.id, after),
      ),
    )
    .orderBy(desc(invoices.id))
    .limit(limit + 1);
  return { rows: found.slice(0, limit), hasMore: found.length > limit };
}
