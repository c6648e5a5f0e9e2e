import { cents } from "#lib/core/money.ts";
import type { InvoiceDocument, InvoiceLine, InvoiceTax } from "#lib/engine/documents/invoice.ts";

const seller: InvoiceDocument["seller"] = {
  name: "Comptoir Modèles SAS",
  address: { line1: "15 rue des Halles", line2: null, postalCode: "75001", city: "Paris", country: "FR" },
  vatId: "FR44732829320",
  registrationId: "732829320",
  email: "billing@comptoir.example",
  iban: "FR7630006000011234567890189",
  bic: "AGRIFRPP",
};

const buyer: InvoiceDocument["buyer"] = {
  name: "Atelier Lumière SARL",
  type: "business",
  address: { line1: "3 quai du Port", line2: "Bâtiment B", postalCode: "13002", city: "Marseille", country: "FR" },
  vatId: "FR40303265045",
  email: "accounts@atelier.example",
  organizationId: "org_01kb3p9w6x2v8t4q7m5n1h0c3d",
};

/** A line of so many millions of tokens at a price in micro-euros. */
export const tokenLine = (line: number, amount: bigint, more: Partial<InvoiceLine> = {}): InvoiceLine => ({
  line,
  description: "large-chat-3 · output tokens",
  detail: "Workspace Production",
  quantity: "61.725",
  unit: "million tokens",
  unitMicros: 2_000_000n,
  amount: cents(amount),
  vatCategory: "S",
  vatRate: 2000,
  from: "2026-11-01",
  to: "2026-11-30",
  ...more,
});

/** A document that adds up: taxes and totals follow from its lines, as the domain makes them. */
export function invoiceOf(
  lines: readonly InvoiceLine[],
  more: Partial<InvoiceDocument> & { taxNote?: string | null } = {},
): InvoiceDocument {
  const { taxNote = null, ...given } = more;
  const kinds = new Set(lines.map(({ vatCategory, vatRate }) => `${vatCategory} ${vatRate}`));
  const taxes = [...kinds].map((kind): InvoiceTax => {
    const group = lines.filter(({ vatCategory, vatRate }) => kind === `${vatCategory} ${vatRate}`);
    const [first] = group;
    const rate = first?.vatRate ?? 0;
    const base = group.reduce((sum, { amount }) => sum + amount, 0n);
    const magnitude = ((base < 0n ? -base : base) * BigInt(rate) + 5000n) / 10_000n;
    const tax = base < 0n ? -magnitude : magnitude;
    return { category: first?.vatCategory ?? "S", rate, base: cents(base), tax: cents(tax), note: taxNote };
  });
  const net = taxes.reduce((sum, { base }) => sum + base, 0n);
  const tax = taxes.reduce((sum, one) => sum + one.tax, 0n);
  const prepaid = given.advances?.reduce((sum, { total }) => sum + total, 0n) ?? given.prepaid ?? 0n;
  return {
    kind: "summary",
    number: "INV-2026-000042",
    issuedOn: "2026-12-01",
    dueOn: "2026-12-31",
    currency: "EUR",
    seller,
    buyer,
    purchaseOrder: null,
    from: "2026-11-01",
    to: "2026-11-30",
    lines,
    taxes,
    net: cents(net),
    tax: cents(tax),
    total: cents(net + tax),
    advances: [],
    prepaid: cents(prepaid),
    due: cents(net + tax - prepaid),
    corrects: [],
    notes: [],
    paymentTerms: "Payable within 30 days by bank transfer; late payment interest at three times the legal rate.",
    livemode: true,
    verifyUrl: "https://console.example.com/verify/INV-2026-000042",
    ...given,
  };
}
