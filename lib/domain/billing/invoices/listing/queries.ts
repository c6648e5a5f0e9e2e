import { and, desc, eq, getColumns, ilike, lt, or, type SQL, sql } from "drizzle-orm";
import { invoices } from "#db/schema/billing.ts";
import { payments } from "#db/schema/payments.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { InvoiceFilter } from "#lib/domain/billing/invoices/input.ts";
import { collectingMinutes, type InvoiceState, invoiceOrder, underWay } from "./rules.ts";
import type { ListedInvoice } from "./view.ts";

/** What `paymentStateOf` says of the last attempt to pay a document. Its columns are written out: among what is selected, drizzle names no table. */
const lastPayment = sql<
  string | null
>`(select case when attempt.kind = 'hosted' and attempt.state = 'created' then 'requires_action' else attempt.state end
  from ${payments} as attempt
  where attempt.organization_id = invoices.organization_id and attempt.invoice_id = invoices.id
  order by attempt.attempt desc limit 1)`;

export const listedColumns = { ...getColumns(invoices), payment: lastPayment };

const byColumn = {
  date: instantKey(invoices.issuedAt),
  total: { by: sql`${invoices.totalCents}`, isNumber: true },
};

/** What can be asked for of a document, as `collectibleOf` says it; a test holds the two together. */
const collectible = sql`(${invoices.dueCents} - ${invoices.paidCents} - ${invoices.creditedCents} - ${invoices.creditUsedCents} - ${invoices.disputedCents})`;

/** What `stateOf` says of a document, as a condition; a test holds the two together. */
function inState({ now }: OrganizationContext, state: InvoiceState): SQL {
  const isBill = sql`${invoices.kind} <> 'credit_note'`;
  const isOpen = sql`${isBill} and ${invoices.state} = 'open'`;
  const isAsked = sql`${isOpen} and ${collectible} > 0`;
  const isUnderWay = sql`coalesce(${lastPayment} in ${[...underWay]}, false)`;
  const dueBefore = (at: Date) => sql`coalesce(${invoices.dueAt} < ${at.toISOString()}::timestamptz, false)`;
  const isLate = sql`case when ${invoices.collection} = 'send_invoice' or ${lastPayment} is not null then ${dueBefore(now)}
    else ${dueBefore(addMinutes(now, -collectingMinutes))} end`;
  return {
    open: sql`${isAsked} and not ${isUnderWay} and not ${isLate}`,
    under_way: sql`${isAsked} and ${isUnderWay}`,
    overdue: sql`${isAsked} and not ${isUnderWay} and ${isLate}`,
    disputed: sql`${isOpen} and ${collectible} <= 0`,
    paid: sql`${isBill} and ${invoices.state} = 'paid'`,
    issued: sql`${invoices.kind} = 'credit_note'`,
    canceled: sql`${isBill} and ${invoices.state} = 'void'`,
    written_off: sql`${isBill} and ${invoices.state} = 'uncollectible'`,
  }[state];
}

const matching = (ctx: OrganizationContext, { q, kind, state, month }: InvoiceFilter): SQL | undefined =>
  and(
    eq(invoices.organizationId, ctx.organizationId),
    q ? or(ilike(invoices.number, containing(q)), ilike(invoices.poNumber, containing(q))) : undefined,
    kind ? eq(invoices.kind, kind) : undefined,
    state ? inState(ctx, state) : undefined,
    month ? eq(invoices.month, `${month}-01`) : undefined,
  );

/** A page of the organization's documents. */
export async function invoicePage(ctx: OrganizationContext, asked: InvoiceFilter): Promise<ListPage<ListedInvoice>> {
  authorize(ctx.actor, "billing.read");
  const matches = matching(ctx, asked);
  const page = await keysetPage(
    asked,
    { keys: byColumn, first: invoiceOrder, id: invoices.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...listedColumns, place })
          .from(invoices)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(invoices).where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...document }) => document) };
}

/** The months the organization has documents of, as "2026-11", latest first. */
export async function invoiceMonths(ctx: OrganizationContext): Promise<string[]> {
  authorize(ctx.actor, "billing.read");
  const rows = await ctx.db
    .selectDistinct({ month: invoices.month })
    .from(invoices)
    .where(eq(invoices.organizationId, ctx.organizationId))
    .orderBy(desc(invoices.month))
    .limit(120);
  return rows.map(({ month }) => month.slice(0, 7));
}

const batchSize = 1000;

/** Every document a filter leaves, newest first, in batches. */
export function invoiceRows(ctx: OrganizationContext, filter: InvoiceFilter): AsyncGenerator<ListedInvoice[]> {
  authorize(ctx.actor, "billing.read");
  return batches(ctx, matching(ctx, filter));
}

async function* batches(ctx: OrganizationContext, matches: SQL | undefined): AsyncGenerator<ListedInvoice[]> {
  for (let last: ListedInvoice | undefined; ; ) {
    const rows: ListedInvoice[] = await ctx.db
      .select(listedColumns)
      .from(invoices)
      .where(and(matches, last && lt(invoices.id, last.id)))
      .orderBy(desc(invoices.id))
      .limit(batchSize);
    if (rows.length > 0) yield rows;
    if (rows.length < batchSize) return;
    last = rows.at(-1);
  }
}
