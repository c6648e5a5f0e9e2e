import { z } from "zod";
import { dayOf } from "#lib/core/clock.ts";
import { idField } from "#lib/core/id-field.ts";
import { cents } from "#lib/core/money.ts";
import { lastDayOfMonth } from "#lib/domain/billing/cycles/rules.ts";
import type { Invoice, InvoiceDetail, Line } from "#lib/domain/billing/invoices/view.ts";
import type { Buyer, InvoiceDocument, Seller } from "#lib/engine/documents/invoice.ts";

const place = z.object({ organizationId: idField("organization"), invoiceId: idField("invoice") });

/** Work that follows an issued document: rendering and sending it, and, in a room above, collecting what is due. */
export const renderDocument = { name: "billing.render-document", payload: place };
export const collectInvoice = { name: "payments.collect-invoice", payload: place };

/** Where the rendered bytes of a document are kept: under their own hash, so that they cannot be others. */
export const storageKey = ({ organizationId, id }: Pick<Invoice, "organizationId" | "id">, sha256: string): string =>
  `documents/${organizationId}/${id}/${sha256}.pdf`;

export const fileNameOf = ({ number }: Pick<Invoice, "number">): string => `${number}.pdf`;

/** Where anyone can check a document. */
export const verifyPath = "/verify";

type Ways = { provider: string; verifyUrl: string };

/** An issued document as renderers want it. Nothing is computed: every amount is the one that was issued. */
export function documentOf(detail: InvoiceDetail, { provider, verifyUrl }: Ways): InvoiceDocument {
  const isNote = detail.kind === "credit_note";
  const referred = [...(detail.corrects ? [detail.corrects] : [])];
  return {
    kind: detail.kind,
    number: detail.number,
    issuedOn: dayOf(detail.issuedAt),
    dueOn: detail.dueAt && detail.dueCents > 0n ? dayOf(detail.dueAt) : null,
    currency: detail.currency,
    seller: detail.seller as Seller,
    buyer: detail.buyer as Buyer,
    purchaseOrder: detail.poNumber,
    from: detail.month,
    to: lastDayOfMonth(detail.month),
    lines: detail.lines.map(lineOf),
    taxes: detail.taxes.map(({ category, rate, baseCents, taxCents, note }) => ({
      category,
      rate,
      base: cents(baseCents),
      tax: cents(taxCents),
      note,
    })),
    net: cents(detail.netCents),
    tax: cents(detail.taxCents),
    total: cents(detail.totalCents),
    advances: detail.advances.map(({ number, issuedAt, totalCents }) => ({
      number,
      issuedOn: dayOf(issuedAt),
      total: cents(totalCents),
    })),
    prepaid: cents(isNote ? 0n : detail.prepaidCents),
    due: cents(isNote ? detail.totalCents : detail.dueCents),
    corrects: referred.map(({ number, issuedAt, kind }) => ({
      number,
      issuedOn: dayOf(issuedAt),
      isAdvance: kind === "advance",
    })),
    notes: detail.notes,
    paymentTerms: termsOf(detail, provider),
    livemode: detail.livemode,
    verifyUrl,
  };
}

const lineOf = (line: Line): InvoiceDocument["lines"][number] => ({
  line: line.line,
  description: line.description,
  detail: line.detail,
  quantity: line.quantity,
  unit: line.unit,
  unitMicros: line.unitMicros,
  amount: cents(line.amountCents),
  vatCategory: line.vatCategory,
  vatRate: line.vatRate,
  from: line.month,
  to: lastDayOfMonth(line.month),
});

/** How a document is settled, in a sentence. */
function termsOf({ kind, dueCents, dueAt, collection, number }: InvoiceDetail, provider: string): string {
  if (kind === "credit_note") return "The amount is taken off from what is owed, or kept as credit.";
  if (dueCents === 0n || !dueAt) return "Nothing is to be paid.";
  if (collection === "auto") return `${provider} collects the amount from your payment method.`;
  return `Please transfer the amount by ${dayOf(dueAt)} and name ${number}.`;
}
