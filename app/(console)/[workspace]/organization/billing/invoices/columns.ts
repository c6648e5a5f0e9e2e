import type { Columns } from "#app/(console)/stream-file.ts";
import { centsString } from "#lib/core/money.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";

/** The columns of a file of invoices; amounts are decimals in euros, those of a credit note below zero. */
export const invoiceColumns: Columns<Invoice> = {
  number: ({ number }) => number,
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  month: ({ month }) => month.slice(0, 7),
  issued_at: ({ issuedAt }) => issuedAt.toISOString(),
  due_at: ({ dueAt }) => dueAt?.toISOString() ?? null,
  currency: ({ currency }) => currency,
  net: (invoice) => signed(invoice, invoice.netCents),
  vat: (invoice) => signed(invoice, invoice.taxCents),
  total: (invoice) => signed(invoice, invoice.totalCents),
  prepaid: (invoice) => centsString(invoice.kind === "credit_note" ? 0n : invoice.prepaidCents),
  paid: ({ paidCents }) => centsString(paidCents),
  credited: ({ creditedCents }) => centsString(creditedCents),
  credit_used: ({ creditUsedCents }) => centsString(creditUsedCents),
  disputed: ({ disputedCents }) => centsString(disputedCents),
  left_to_pay: (invoice) => centsString(collectibleOf(invoice)),
  purchase_order: ({ poNumber }) => poNumber,
  sha256: ({ pdfSha256 }) => pdfSha256,
  livemode: ({ livemode }) => livemode,
};

const signed = ({ kind }: Invoice, amount: bigint): string => centsString(kind === "credit_note" ? -amount : amount);
