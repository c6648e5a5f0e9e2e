import { and, eq, getColumns, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoices } from "#db/schema/billing.ts";
import { paymentMethods, payments } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { BookFilter } from "#lib/domain/billing/desk/input.ts";
import { bookOrder } from "#lib/domain/billing/desk/rules.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import type { AccountPayment } from "./view.ts";

const itsInvoice = and(eq(invoices.organizationId, payments.organizationId), eq(invoices.id, payments.invoiceId));
const itsMethod = and(
  eq(paymentMethods.organizationId, payments.organizationId),
  eq(paymentMethods.id, payments.methodId),
);

/** A page of a customer's payments, newest first, under a look. */
export async function accountPayments(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  asked: BookFilter,
): Promise<ListPage<AccountPayment>> {
  authorize(ctx.actor, "billing.decide");
  await lookAt(ctx, organizationId, { type: "billing", id: organizationId });
  const matches = and(
    eq(payments.organizationId, organizationId),
    asked.q
      ? or(
          sql`${invoices.number} ilike ${containing(asked.q)}`,
          eq(payments.ref, asked.q),
          eq(sql`${payments.id}`, asked.q),
        )
      : undefined,
  );
  const page = await keysetPage(
    asked,
    { keys: { at: instantKey(payments.createdAt) }, first: bookOrder, id: payments.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({
            ...getColumns(payments),
            number: invoices.number,
            type: paymentMethods.type,
            brand: paymentMethods.brand,
            last4: paymentMethods.last4,
            place,
          })
          .from(payments)
          .innerJoin(invoices, itsInvoice)
          .leftJoin(paymentMethods, itsMethod)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(payments).innerJoin(invoices, itsInvoice).where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => row) };
}
