import type { Cents } from "#lib/core/money.ts";

export type Address = {
  line1: string;
  line2: string | null;
  postalCode: string;
  city: string;
  /** ISO 3166, two letters. */
  country: string;
};

/** Who issues: the legal entity as it was then. */
export type Seller = {
  name: string;
  address: Address;
  vatId: string | null;
  /** Number in the register of companies, such as a SIREN. */
  registrationId: string | null;
  email: string;
  iban: string | null;
  bic: string | null;
};

/** Who pays, as the billing profile was then. */
export type Buyer = {
  name: string;
  type: "business" | "consumer";
  address: Address;
  vatId: string | null;
  /** Where an e-invoice goes. */
  email: string;
  organizationId: string;
};

/** Categories of EN 16931: standard, reverse charge, not subject, exempt. */
export type VatCategory = "S" | "AE" | "O" | "E";

export type InvoiceLine = {
  line: number;
  description: string;
  /** What it is about in short, such as the workspace. */
  detail: string | null;
  /** Units of `unit`, exact decimal as text; negative where something is taken off. */
  quantity: string;
  unit: "million tokens" | "piece" | "month";
  /** Micro-euros for a unit, never negative. */
  unitMicros: bigint;
  amount: Cents;
  vatCategory: VatCategory;
  /** Hundredths of a per cent: 2000 is 20 %. */
  vatRate: number;
  /** First and last day (UTC), such as 2026-11-01. */
  from: string;
  to: string;
};

export type InvoiceTax = { category: VatCategory; rate: number; base: Cents; tax: Cents; note: string | null };

/** Everything that is written on an issued document; the renderers add nothing and compute nothing. */
export type InvoiceDocument = {
  /** A credit note has positive amounts: what it credits, as UNTDID 381 means them. */
  kind: "advance" | "summary" | "final" | "credit_note";
  number: string;
  /** Days (UTC). */
  issuedOn: string;
  dueOn: string | null;
  currency: "EUR";
  seller: Seller;
  buyer: Buyer;
  purchaseOrder: string | null;
  from: string;
  to: string;
  lines: readonly InvoiceLine[];
  taxes: readonly InvoiceTax[];
  net: Cents;
  tax: Cents;
  total: Cents;
  /** Advance payments taken off, gross, each with its document. */
  advances: readonly { number: string; issuedOn: string; total: Cents }[];
  prepaid: Cents;
  due: Cents;
  /** The documents this one corrects. */
  corrects: readonly { number: string; issuedOn: string; isAdvance: boolean }[];
  /** Sentences under the totals, such as why no VAT is due and how to pay. */
  notes: readonly string[];
  paymentTerms: string;
  /** False: a document of the test mode, which says so across every page. */
  livemode: boolean;
  /** Where anyone can check that these bytes are the issued ones. */
  verifyUrl: string;
};
