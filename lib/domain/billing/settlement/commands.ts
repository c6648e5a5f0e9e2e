import { and, asc, eq, sum } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { advanceApplications, invoiceLines, invoices, invoiceTaxes } from "#db/schema/billing.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { cents, formatCents } from "#lib/core/money.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { addCredit } from "#lib/domain/billing/credits/commands.ts";
import { refreshStanding } from "#lib/domain/billing/dunning/commands.ts";
import { issue, tally } from "#lib/domain/billing/invoices/commands.ts";
import { amountLine, collectibleOf, kindWords, openOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice, Line } from "#lib/domain/billing/invoices/view.ts";
import { postEntries } from "#lib/domain/billing/ledger/commands.ts";
import { advanceCanceled, disputeClosed, feesCredited, paid } from "#lib/domain/billing/ledger/rules.ts";

type Given = {
  /** Net amounts, each of a line of the document. */
  lines: readonly { line: number; netCents: bigint }[];
  reason: string;
  clause: ClauseId;
};

/**
 * Gives back part of a document by a credit note with the same VAT: first what is still owed, the rest as credit of the
 * customer's. Never more than the document has left. Returns the note and what became credit.
 */
export const credit = part(
  async (
    ctx: OrganizationContext,
    account: Account,
    invoice: Invoice,
    { lines, reason, clause }: Given,
  ): Promise<{ note: Invoice; toCredit: bigint }> => {
    if (invoice.kind === "credit_note") throw new AppError("conflict", "A credit note is not credited.");
    const known = await linesOfInvoice(ctx, invoice.id);
    const open = openOf(invoice);
    const owesAdvance = invoice.kind === "advance" && !(await isTakenOff(ctx, invoice.id));
    let fromOpen = 0n;
    const note = await issue(ctx, account, {
      kind: "credit_note",
      month: invoice.month,
      corrects: invoice,
      reason,
      poNumber: invoice.poNumber,
      vat: await vatOf(ctx, invoice.id),
      left: await leftOf(ctx, invoice),
      notes: [`${kindWords[invoice.kind]} ${invoice.number} is corrected. ${reason}`],
      lines: lines.map(({ line, netCents }) => creditLine(invoice, known, line, netCents)),
      clause,
      entries: (sums) => {
        if (sums.total > invoice.totalCents - invoice.creditedCents) {
          throw new AppError(
            "conflict",
            `Of ${invoice.number}, ${formatCents(invoice.totalCents - invoice.creditedCents)} are left to credit.`,
          );
        }
        fromOpen = sums.total < open ? sums.total : open;
        return owesAdvance ? advanceCanceled(sums, fromOpen) : feesCredited(sums, fromOpen);
      },
    });
    const toCredit = note.totalCents - fromOpen;
    // What is not owed any more is not under another dispute either.
    const collectible = collectibleOf(invoice);
    const freed = fromOpen > collectible ? fromOpen - collectible : 0n;
    await postEntries(ctx, {
      kind: "dispute-closed",
      key: `dispute-freed:${note.id}`,
      entries: disputeClosed(freed),
      invoiceId: invoice.id,
    });
    if (toCredit > 0n) await addCredit(ctx, { kind: "refund", amount: toCredit, reason: `Credit note ${note.number}` });
    await tally(ctx, invoice, { creditedCents: note.totalCents, disputedCents: -freed });
    await refreshStanding(ctx);
    return { note, toCredit };
  },
);

function creditLine(invoice: Invoice, known: readonly Line[], line: number, netCents: bigint) {
  const found = known.find((one) => one.line === line);
  if (!found) throw new AppError("invalid", `${invoice.number} has no line ${line}.`);
  return {
    ...amountLine("credit", found.month, netCents, { description: found.description, correctsLine: line }),
    detail: found.detail,
    model: found.model,
    workspaceId: found.workspaceId,
  };
}

const linesOfInvoice = (ctx: OrganizationContext, id: Id<"invoice">): Promise<Line[]> =>
  ctx.db
    .select()
    .from(invoiceLines)
    .where(and(eq(invoiceLines.organizationId, ctx.organizationId), eq(invoiceLines.invoiceId, id)))
    .orderBy(asc(invoiceLines.line));

/** Whether an advance is in a month's invoice already, which has its fees then. */
async function isTakenOff(ctx: OrganizationContext, id: Id<"invoice">): Promise<boolean> {
  const [applied] = await ctx.db
    .select({ id: advanceApplications.advanceId })
    .from(advanceApplications)
    .where(and(eq(advanceApplications.organizationId, ctx.organizationId), eq(advanceApplications.advanceId, id)));
  return applied !== undefined;
}

/** What a document has that no credit note gave back yet. */
async function leftOf(ctx: OrganizationContext, { id, netCents, taxCents }: Invoice) {
  const [given] = await ctx.db
    .select({ net: sum(invoices.netCents), tax: sum(invoices.taxCents) })
    .from(invoices)
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.correctsId, id)));
  return { net: netCents - BigInt(given?.net ?? 0), tax: cents(taxCents - BigInt(given?.tax ?? 0)) };
}

/** How a document was taxed; every document of ours has one category and rate. */
async function vatOf(ctx: OrganizationContext, id: Id<"invoice">) {
  const [tax] = await ctx.db
    .select()
    .from(invoiceTaxes)
    .where(and(eq(invoiceTaxes.organizationId, ctx.organizationId), eq(invoiceTaxes.invoiceId, id)));
  if (!tax) throw new Error("A document without a tax row.");
  return { category: tax.category, rate: tax.rate, note: tax.note };
}

/** Takes back what is left of an advance that was never collected. */
export const cancelAdvance = part(
  async (ctx: OrganizationContext, account: Account, advance: Invoice): Promise<void> => {
    const { net } = await leftOf(ctx, advance);
    await credit(ctx, account, advance, {
      lines: [{ line: 1, netCents: net }],
      reason: "It was not collected by the end of the month; the month's invoice has its amount.",
      clause: "T-5.2-EOC",
    });
  },
);

/** Money for a document has come. What is more than was owed becomes credit. Asked twice for a payment, it counts once. */
export const receive = part(
  async (
    ctx: OrganizationContext,
    invoice: Invoice,
    { amount, paymentId }: { amount: bigint; paymentId: Id<"payment"> },
  ): Promise<Invoice> => {
    const collectible = collectibleOf(invoice);
    const toReceivable = amount < collectible ? amount : collectible;
    const isFirst = await postEntries(ctx, {
      kind: "payment",
      key: `payment:${paymentId}`,
      entries: paid(amount, toReceivable),
      invoiceId: invoice.id,
      paymentId,
    });
    if (!isFirst) return invoice;
    if (amount > toReceivable) {
      await addCredit(ctx, {
        kind: "refund",
        amount: amount - toReceivable,
        reason: `Paid more than ${invoice.number} owed`,
      });
    }
    const after = await tally(ctx, invoice, { paidCents: toReceivable });
    await refreshStanding(ctx);
    return after;
  },
);
