import { and, asc, desc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Id } from "#db/id.ts";
import { advanceApplications, invoiceLines, invoices, invoiceTaxes } from "#db/schema/billing.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Invoice, InvoiceDetail } from "./view.ts";

/** A document with all that is on it and what it is tied to. */
export async function invoice(ctx: OrganizationContext, id: Id<"invoice">): Promise<InvoiceDetail> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const [found] = await ctx.db
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, id)));
  if (!found) throw new AppError("not_found", "There is no such invoice.");
  const [lines, taxes, advances, notes, corrects, summary] = await Promise.all([
    ctx.db
      .select()
      .from(invoiceLines)
      .where(and(eq(invoiceLines.organizationId, organizationId), eq(invoiceLines.invoiceId, id)))
      .orderBy(asc(invoiceLines.line)),
    ctx.db
      .select()
      .from(invoiceTaxes)
      .where(and(eq(invoiceTaxes.organizationId, organizationId), eq(invoiceTaxes.invoiceId, id)))
      .orderBy(asc(invoiceTaxes.category), asc(invoiceTaxes.rate)),
    tied(ctx, "summaryId", id),
    ctx.db
      .select()
      .from(invoices)
      .where(and(eq(invoices.organizationId, organizationId), eq(invoices.correctsId, id)))
      .orderBy(asc(invoices.seq)),
    found.correctsId
      ? ctx.db
          .select()
          .from(invoices)
          .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, found.correctsId)))
      : [],
    tied(ctx, "advanceId", id),
  ]);
  return {
    ...found,
    lines,
    taxes,
    advances,
    notesOf: notes,
    corrects: corrects[0] ?? null,
    summary: summary[0] ?? null,
  };
}

/** The advances that were taken off from a summary, or the summary an advance was taken off from. */
async function tied(ctx: OrganizationContext, by: "summaryId" | "advanceId", id: Id<"invoice">): Promise<Invoice[]> {
  const other = by === "summaryId" ? advanceApplications.advanceId : advanceApplications.summaryId;
  const document = alias(invoices, "document");
  const rows = await ctx.db
    .select({ document })
    .from(advanceApplications)
    .innerJoin(document, and(eq(document.organizationId, advanceApplications.organizationId), eq(document.id, other)))
    .where(and(eq(advanceApplications.organizationId, ctx.organizationId), eq(advanceApplications[by], id)))
    .orderBy(asc(document.seq));
  return rows.map((row) => row.document);
}

/** All documents of the organization, newest first. */
export async function invoicesOf(ctx: OrganizationContext): Promise<Invoice[]> {
  authorize(ctx.actor, "billing.read");
  return ctx.db
    .select()
    .from(invoices)
    .where(eq(invoices.organizationId, ctx.organizationId))
    .orderBy(desc(invoices.issuedAt), desc(invoices.seq))
    .limit(1000);
}
