import { and, asc, desc, eq, getColumns, ne, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoiceLines, invoices } from "#db/schema/billing.ts";
import { disputeFiles, disputeLines, disputeMessages, disputes } from "#db/schema/disputes.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { DisputableLine } from "./rules.ts";
import type { DisputeDetail, DisputeRow } from "./view.ts";

const columns = { ...getColumns(disputes), number: invoices.number, organizationName: organizations.name };

const select = (ctx: AccountContext) =>
  ctx.db
    .select(columns)
    .from(disputes)
    .innerJoin(invoices, and(eq(invoices.organizationId, disputes.organizationId), eq(invoices.id, disputes.invoiceId)))
    .innerJoin(organizations, eq(organizations.id, disputes.organizationId))
    .$dynamic();

/** The organization's disputes, newest first; of one invoice if one is named. */
export async function disputesOf(ctx: OrganizationContext, invoiceId?: Id<"invoice">): Promise<DisputeRow[]> {
  authorize(ctx.actor, "billing.read");
  return select(ctx)
    .where(
      and(eq(disputes.organizationId, ctx.organizationId), invoiceId ? eq(disputes.invoiceId, invoiceId) : undefined),
    )
    .orderBy(desc(disputes.openedAt))
    .limit(500);
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
      .orderBy(asc(disputeFiles.id)),
  ]);
  const withFiles = messages.map((message) => ({
    ...message,
    files: files.filter(({ messageId }) => messageId === message.id),
  }));
  return { ...found, lines, messages: withFiles };
}

/** What waits for a decision of staff, oldest first. */
export async function openDisputes(ctx: AccountContext): Promise<DisputeRow[]> {
  authorize(ctx.actor, "billing.decide");
  return select(ctx).where(eq(disputes.state, "open")).orderBy(asc(disputes.openedAt)).limit(500);
}

/** What was decided or withdrawn last. */
export async function decidedDisputes(ctx: AccountContext): Promise<DisputeRow[]> {
  authorize(ctx.actor, "billing.decide");
  return select(ctx).where(ne(disputes.state, "open")).orderBy(desc(disputes.decidedAt)).limit(20);
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
