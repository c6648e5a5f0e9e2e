import type { InvoiceKind } from "#lib/domain/billing/invoices/view.ts";

/** What anyone may know of a document: nothing about who it was made out to. */
export type Verified = {
  number: string;
  kind: InvoiceKind;
  issuedAt: Date;
  sellerName: string;
  /** Known to who has the file; a number alone can be guessed. */
  totalCents: bigint | null;
  livemode: boolean;
  /** Whether exactly this file was issued, or only a document of this number. */
  isExact: boolean;
};
