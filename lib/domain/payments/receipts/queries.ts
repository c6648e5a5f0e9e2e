import { and, desc, eq, getColumns, ilike, or, sql } from "drizzle-orm";
import { invoices } from "#db/schema/billing.ts";
import { organizations } from "#db/schema/organizations.ts";
import { bankReceipts } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { PayableFilter } from "./input.ts";
import { payableOrder } from "./rules.ts";
import type { PayableInvoice, Receipt } from "./view.ts";

// What a bank statement is compared with, and no more.
const shown = {
  organizationId: invoices.organizationId,
  organizationName: organizations.name,
  id: invoices.id,
  number: invoices.number,
  kind: invoices.kind,
  dueAt: invoices.dueAt,
  dueCents: invoices.dueCents,
  paidCents: invoices.paidCents,
  creditedCents: invoices.creditedCents,
  creditUsedCents: invoices.creditUsedCents,
  disputedCents: invoices.disputedCents,
};

/** A page of the invoices of all customers that are not settled, what is due first first. */
export async function payableInvoices(ctx: AccountContext, asked: PayableFilter): Promise<ListPage<PayableInvoice>> {
  authorize(ctx.actor, "billing.decide");
  const matches = and(
    eq(invoices.state, "open"),
    asked.q
      ? or(ilike(invoices.number, containing(asked.q)), ilike(organizations.name, containing(asked.q)))
      : undefined,
  );
  const itsCustomer = eq(organizations.id, invoices.organizationId);
  const page = await keysetPage(
    asked,
    {
      keys: { due: instantKey(invoices.dueAt), number: { by: sql`${invoices.number}` } },
      first: payableOrder,
      id: invoices.id,
    },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...shown, place })
          .from(invoices)
          .innerJoin(organizations, itsCustomer)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(invoices).innerJoin(organizations, itsCustomer).where(matches),
    },
  );
  const rows = page.rows.map(({ organizationId, organizationName, id, number, kind, dueAt, ...sums }) => ({
    organizationId,
    organizationName,
    id,
    number,
    kind,
    dueAt,
    openCents: collectibleOf(sums),
    disputedCents: sums.disputedCents,
  }));
  return { ...page, rows };
}

/** The transfers that were recorded last. */
export async function lastReceipts(ctx: AccountContext): Promise<Receipt[]> {
  authorize(ctx.actor, "billing.decide");
  return ctx.db
    .select({ ...getColumns(bankReceipts), number: invoices.number, organizationName: organizations.name })
    .from(bankReceipts)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, bankReceipts.organizationId), eq(invoices.id, bankReceipts.invoiceId)),
    )
    .innerJoin(organizations, eq(organizations.id, bankReceipts.organizationId))
    .orderBy(desc(bankReceipts.recordedAt), desc(bankReceipts.id))
    .limit(20);
}
