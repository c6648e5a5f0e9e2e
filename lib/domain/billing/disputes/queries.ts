import { and, asc, desc, eq, getColumns, ilike, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoiceLines, invoices } from "#db/schema/billing.ts";
import { disputeFiles, disputeLines, disputeMessages, disputes } from "#db/schema/disputes.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { DisputeFilter } from "./input.ts";
import { type DisputableLine, disputeOrder } from "./rules.ts";
import type { DisputeDetail, DisputeRow, ListedDispute } from "./view.ts";

const columns = { ...getColumns(disputes), number: invoices.number, organizationName: organizations.name };

const itsInvoice = and(eq(invoices.organizationId, disputes.organizationId), eq(invoices.id, disputes.invoiceId));

const select = (ctx: AccountContext) =>
  ctx.db
    .select(columns)
    .from(disputes)
    .innerJoin(invoices, itsInvoice)
    .innerJoin(organizations, eq(organizations.id, disputes.organizationId))
    .$dynamic();

/** What was disputed of an invoice, newest first. */
export async function disputesOf(ctx: OrganizationContext, invoiceId: Id<"invoice">): Promise<DisputeRow[]> {
  authorize(ctx.actor, "billing.read");
  return select(ctx)
    .where(and(eq(disputes.organizationId, ctx.organizationId), eq(disputes.invoiceId, invoiceId)))
    .orderBy(desc(disputes.openedAt))
    .limit(500);
}

/** What a list shows: whose it is and how much, not what was written. */
const listed = {
  organizationId: disputes.organizationId,
  id: disputes.id,
  state: disputes.state,
  openedAt: disputes.openedAt,
  amountCents: disputes.amountCents,
  creditedCents: disputes.creditedCents,
  number: invoices.number,
  organizationName: organizations.name,
};

/** Open ones first, the oldest before all; then what is over, the latest first. */
const waiting = {
  by: sql`case ${disputes.state} when 'open' then extract(epoch from ${disputes.openedAt})
    else 1e11 - extract(epoch from ${disputes.openedAt}) end`,
  isNumber: true,
};

/** A page of the organization's disputes. */
export async function disputePage(ctx: OrganizationContext, asked: DisputeFilter): Promise<ListPage<ListedDispute>> {
  authorize(ctx.actor, "billing.read");
  const matches = asked.q ? ilike(invoices.number, containing(asked.q)) : undefined;
  return pageWhere(ctx, asked, and(eq(disputes.organizationId, ctx.organizationId), matches));
}

/** A page of all customers' disputes, for staff: whose they are and how much, not what was written. */
export async function deskDisputePage(ctx: AccountContext, asked: DisputeFilter): Promise<ListPage<ListedDispute>> {
  authorize(ctx.actor, "billing.decide");
  const matches =
    asked.q && or(ilike(invoices.number, containing(asked.q)), ilike(organizations.name, containing(asked.q)));
  return pageWhere(ctx, asked, matches || undefined);
}

async function pageWhere(
  ctx: AccountContext,
  asked: DisputeFilter,
  wanted: SQL | undefined,
): Promise<ListPage<ListedDispute>> {
  const matches = and(wanted, asked.state ? eq(disputes.state, asked.state) : undefined);
  const amount = { by: sql`${disputes.amountCents}`, isNumber: true };
  const page = await keysetPage(
    asked,
    {
      keys: { state: waiting, opened: instantKey(disputes.openedAt), amount },
      first: disputeOrder,
      id: disputes.id,
    },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...listed, place })
          .from(disputes)
          .innerJoin(invoices, itsInvoice)
          .innerJoin(organizations, eq(organizations.id, disputes.organizationId))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(disputes)
          .innerJoin(invoices, itsInvoice)
          .innerJoin(organizations, eq(organizations.id, disputes.organizationId))
          .where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => row) };
}

/** A dispute with its lines and what was written. */
export async function dispute(ctx: OrganizationContext, id: Id<"dispute">): Promise<DisputeDetail> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const [found] = await select(ctx).where(and(eq(disputes.organizationId, organizationId), eq(disputes.id, id)));
  if (!found) throw new AppError("not_found", "There is no such dispute.");
  const [lines, messages, files] = await Promise.all([
    ctx.db
      .select({
        ...getColumns(disputeLines),
        description: invoiceLines.description,
        detail: invoiceLines.detail,
      })
      .from(disputeLines)
      .innerJoin(
        invoiceLines,
        and(
          eq(invoiceLines.organizationId, disputeLines.organizationId),
          eq(invoiceLines.invoiceId, found.invoiceId),
          eq(invoiceLines.line, disputeLines.line),
        ),
      )
      .where(and(eq(disputeLines.organizationId, organizationId), eq(disputeLines.disputeId, id)))
      .orderBy(asc(disputeLines.line)),
    ctx.db
      .select()
      .from(disputeMessages)
      .where(and(eq(disputeMessages.organizationId, organizationId), eq(disputeMessages.disputeId, id)))
      .orderBy(asc(disputeMessages.at), asc(disputeMessages.id)),
    ctx.db
      .select()
      .from(disputeFiles)
      .where(and(eq(disputeFiles.organizationId, organizationId), eq(disputeFiles.disputeId, id)))
      .orderBy(asc(disputeFiles.name), asc(disputeFiles.id)),
  ]);
  const withFiles = messages.map((message) => ({
    ...message,
    files: files.filter(({ messageId }) => messageId === message.id),
  }));
  return { ...found, lines, messages: withFiles };
}

/** What each line of an invoice has left to dispute. */
export async function disputableLines(ctx: OrganizationContext, invoiceId: Id<"invoice">): Promise<DisputableLine[]> {
  authorize(ctx.actor, "billing.read");
  const rows = await ctx.db.execute<{ line: number; leftCents: string; vatRate: number }>(sql`
    select line.line, line.vat_rate as "vatRate", (line.amount_cents - coalesce(sum(taken.cents), 0))::text as "leftCents"
    from ${invoiceLines} as line left join (
      select lines.line, lines.amount_cents as cents from ${disputeLines} as lines join ${disputes} as dispute
        on dispute.organization_id = lines.organization_id and dispute.id = lines.dispute_id
        where dispute.organization_id = ${ctx.organizationId} and dispute.invoice_id = ${invoiceId} and dispute.state = 'open'
      union all
      select given.corrects_line, given.amount_cents from ${invoiceLines} as given join ${invoices} as note
        on note.organization_id = given.organization_id and note.id = given.invoice_id
        where note.organization_id = ${ctx.organizationId} and note.corrects_id = ${invoiceId}
    ) as taken on taken.line = line.line
    where line.organization_id = ${ctx.organizationId} and line.invoice_id = ${invoiceId}
    group by line.line, line.vat_rate, line.amount_cents order by line.line`);
  return rows.map(({ line, leftCents, vatRate }) => ({ line, vatRate, leftCents: BigInt(leftCents) }));
}
