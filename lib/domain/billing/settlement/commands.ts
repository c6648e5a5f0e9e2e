import { and, asc, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoiceLines, invoiceTaxes } from "#db/schema/billing.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatCents } from "#lib/core/money.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { addCredit } from "#lib/domain/billing/credits/commands.ts";
import { refreshStanding } from "#lib/domain/billing/dunning/commands.ts";
import { issue, tally } from "#lib/domain/billing/invoices/commands.ts";
import { amountLine, collectibleOf, kindWords } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice, Line } from "#lib/domain/billing/invoices/view.ts";
import { postEntries } from "#lib/domain/billing/ledger/commands.ts";
import { advanceCanceled, feesCredited, paid } from "#lib/domain/billing/ledger/rules.ts";

type Given = {
  /** Net amounts, each of a line of the document. */
  lines: readonly { line: number; netCents: bigint }[];
  reason: string;
  clause: string;
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
    const collectible = collectibleOf(invoice);
    let fromReceivable = 0n;
    const note = await issue(ctx, account, {
      kind: "credit_note",
      month: invoice.month,
      corrects: invoice,
      reason,
      poNumber: invoice.poNumber,
      vat: await vatOf(ctx, invoice.id),
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
        fromReceivable = sums.total < collectible ? sums.total : collectible;
        return invoice.kind === "advance" ? advanceCanceled(sums, fromReceivable) : feesCredited(sums, fromReceivable);
      },
    });
    const toCredit = note.totalCents - fromReceivable;
    if (toCredit > 0n) await addCredit(ctx, { kind: "refund", amount: toCredit, reason: `Credit note ${note.number}` });
    await tally(ctx, invoice, { creditedCents: note.totalCents });
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

/** How a document was taxed; every document of ours has one category and rate. */
async function vatOf(ctx: OrganizationContext, id: Id<"invoice">) {
  const [tax] = await ctx.db
    .select()
    .from(invoiceTaxes)
    .where(and(eq(invoiceTaxes.organizationId, ctx.organizationId), eq(invoiceTaxes.invoiceId, id)));
  if (!tax) throw new Error("A document without a tax row.");
  return { category: tax.category, rate: tax.rate, note: tax.note };
}

/** Takes the whole of an advance back that was never collected. */
export const cancelAdvance = part(
  async (ctx: OrganizationContext, account: Account, advance: Invoice): Promise<void> => {
    await credit(ctx, account, advance, {
      lines: [{ line: 1, netCents: advance.netCents }],
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
