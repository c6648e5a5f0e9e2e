import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { cents, formatCents } from "#lib/core/money.ts";
import { brokenRules, readInvoice } from "#lib/testing/en16931.ts";
import { invoiceOf, tokenLine } from "#lib/testing/invoices.ts";
import { pdfAttachment, pdfText } from "#lib/testing/pdf-text.ts";
import { all, one, textAt } from "#lib/testing/xml.ts";
import { facturX } from "./facturx.ts";
import type { InvoiceDocument } from "./invoice.ts";
import { type RenderedInvoice, renderInvoice } from "./render.ts";

const { buyer } = invoiceOf([]);
const german = { ...buyer, name: "Muster GmbH", vatId: "DE136695976", address: { ...buyer.address, country: "DE" } };
const american = { ...buyer, name: "Acme, Inc.", vatId: null, address: { ...buyer.address, country: "US" } };
const advances = [
  { number: "INV-2026-000031", issuedOn: "2026-11-09", total: cents(2400n) },
  { number: "INV-2026-000036", issuedOn: "2026-11-19", total: cents(3600n) },
];
const mixed = [
  tokenLine(1, 12345n),
  tokenLine(2, 88n, { quantity: "10.000001", unitMicros: 88_000n, description: 'embed-2 & <tags> "quoted"' }),
  tokenLine(3, -500n, { quantity: "-1", unit: "piece", unitMicros: 5_000_000n, detail: null }),
];
const corrected = { number: "INV-2026-000042", issuedOn: "2026-12-01", isAdvance: false };

const cases: Record<string, InvoiceDocument> = {
  "an advance": invoiceOf([tokenLine(1, 5000n, { unit: "piece", quantity: "1", unitMicros: 50_000_000n })], {
    kind: "advance",
  }),
  "a summary": invoiceOf(mixed, { purchaseOrder: "PO-4500012345" }),
  "a summary after advances": invoiceOf(mixed, { advances }),
  "a final invoice": invoiceOf(mixed, { kind: "final", notes: ["Settled until the day of termination."] }),
  "a reverse charge": invoiceOf([tokenLine(1, 12345n, { vatCategory: "AE", vatRate: 0 })], {
    buyer: german,
    taxNote: "Autoliquidation / Reverse charge, art. 196 Directive 2006/112/EC",
  }),
  "nothing subject to VAT": invoiceOf([tokenLine(1, 12345n, { vatCategory: "O", vatRate: 0 })], { buyer: american }),
  "nothing subject to VAT, by a seller in no register": {
    ...invoiceOf([tokenLine(1, 12345n, { vatCategory: "O", vatRate: 0 })], { buyer: american }),
    seller: { ...invoiceOf([]).seller, registrationId: null },
  },
  "something exempt": invoiceOf([tokenLine(1, 12345n, { vatCategory: "E", vatRate: 0 })], { taxNote: "Art. 261 CGI" }),
  "two rates": invoiceOf([tokenLine(1, 12345n), tokenLine(2, 999n, { vatRate: 550 })]),
  "a credit note": invoiceOf(mixed, { kind: "credit_note", dueOn: null, corrects: [corrected] }),
  "a credit note of an advance": invoiceOf(mixed, {
    kind: "credit_note",
    corrects: [{ ...corrected, isAdvance: true }],
  }),
  "nothing left to pay": invoiceOf([tokenLine(1, 5000n)], { advances, dueOn: null, paymentTerms: "" }),
  "paid already": invoiceOf([tokenLine(1, 5000n)], { prepaid: cents(6000n) }),
  "nothing at all": invoiceOf([tokenLine(1, 0n)]),
  "large sums and small prices": invoiceOf(
    [
      tokenLine(1, 9_876_543_210n, { quantity: "123456789.123456", unitMicros: 80_000_000n }),
      tokenLine(2, 1n, { quantity: "0.000001", unitMicros: 1n }),
    ],
    { advances: [{ number: "INV-2026-000031", issuedOn: "2026-11-09", total: cents(1_000_000_000n) }] },
  ),
  "no bank account": { ...invoiceOf(mixed), seller: { ...invoiceOf([]).seller, iban: null, bic: null } },
  "a document of the test mode": invoiceOf(mixed, { livemode: false, number: "TEST-2026-000001" }),
};

const codes: Record<string, [type: string, profile: string]> = {
  "an advance": ["386", "S1"],
  "a summary": ["380", "S1"],
  "a summary after advances": ["380", "S4"],
  "a final invoice": ["380", "S1"],
  "a credit note": ["381", "S1"],
  "a credit note of an advance": ["503", "S1"],
  "nothing left to pay": ["380", "S4"],
  "paid already": ["380", "S2"],
};

describe.each(Object.entries(cases))("%s", (name, document) => {
  let rendered: RenderedInvoice;
  let pages: string[];
  beforeAll(async () => {
    rendered = await renderInvoice(document);
    pages = pdfText(rendered.pdf);
  });

  test("billing 44: keeps the rules of EN 16931 and the order of its schema", () => {
    expect(brokenRules(rendered.xml)).toEqual([]);
  });

  test("billing 44: says the same on paper and as data", () => {
    const { totals, lines, taxes } = readInvoice(rendered.xml);
    const paper = pages.join("");
    const amounts = [document.net, document.tax, document.total, ...document.lines.map(({ amount }) => amount)];
    for (const amount of amounts) expect(paper).toContain(formatCents(amount));
    if (document.kind !== "credit_note") expect(paper).toContain(formatCents(document.due));
    for (const { number, total } of document.advances) {
      expect(paper).toContain(number);
      expect(paper).toContain(formatCents(-total));
    }
    expect(totals).toEqual({
      LineTotal: document.net,
      TaxBasisTotal: document.net,
      TaxTotal: document.tax,
      GrandTotal: document.total,
      TotalPrepaid: document.prepaid === 0n ? null : document.prepaid,
      DuePayable: document.due,
    });
    expect(lines.map(({ amount }) => amount)).toEqual(document.lines.map(({ amount }) => amount));
    expect(taxes.map(({ base, tax }) => [base, tax])).toEqual(document.taxes.map(({ base, tax }) => [base, tax]));
    expect(paper).toContain(document.number);
    expect(paper).toContain(document.buyer.name);
    expect(paper).toContain(document.verifyUrl);
  });

  test("has the kind of its document, and names the documents before it", () => {
    const { head, root, settlement } = readInvoice(rendered.xml);
    const profile = textAt(
      root,
      "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
    );
    if (codes[name]) expect([textAt(head, "ram:TypeCode"), profile]).toEqual(codes[name]);
    expect(all(settlement, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID").map(({ text }) => text)).toEqual(
      [...document.corrects, ...document.advances].map(({ number }) => number),
    );
    const order = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerOrderReferencedDocument";
    expect(one(root, order)?.children[0]?.text ?? null).toBe(document.purchaseOrder);
  });

  test("is PDF/A-3 with the data attached, and the same bytes each time", async () => {
    const text = rendered.pdf.toString("latin1");
    expect(pdfAttachment(rendered.pdf, "text#2Fxml")).toBe(rendered.xml);
    expect(text).toContain("<pdfaid:part>3</pdfaid:part>");
    expect(text).toContain("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>");
    expect(text).toContain("/AFRelationship /Alternative");
    expect(text).toContain("/StructTreeRoot");
    expect(rendered.sha256).toBe(createHash("sha256").update(rendered.pdf).digest("hex"));
    expect((await renderInvoice(document)).sha256).toBe(rendered.sha256);
  });

  test("says on every page how many there are, and in the test mode that it is none", () => {
    pages.forEach((page, index) => {
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
      expect(page.includes("TEST\n")).toBe(!document.livemode);
    });
    expect(pages[0]?.includes("Not a tax document: no money moved.")).toBe(!document.livemode);
    expect(rendered.xml.includes("Not a tax document: no money moved.")).toBe(!document.livemode);
  });
});

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ unit: "grapheme", maxLength: 60 }));
const named = text.map((words) => `N${words}`);

test("billing 44: the rules hold for any lines, names and notes", () => {
  const line = fc.record({
    amount: fc.bigInt({ min: -10_000n, max: 10n ** 9n }).map(cents),
    description: named,
    detail: fc.option(text),
    unitMicros: fc.bigInt({ min: 0n, max: 10n ** 10n }),
    vatRate: fc.constantFrom(1900, 2000, 550, 2550),
  });
  const document = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    notes: fc.array(text, { maxLength: 3 }),
    name: named,
    purchaseOrder: fc.option(text),
    prepaid: fc.bigInt({ min: 0n, max: 1000n }).map(cents),
  });
  fc.assert(
    fc.property(document, ({ lines, name, ...more }) => {
      const set = lines.map(({ amount, ...one }, index) => tokenLine(index + 1, amount, one));
      expect(brokenRules(facturX(invoiceOf(set, { ...more, buyer: { ...buyer, name } })))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("paper takes any text: a sign that no font has is drawn as a box", async () => {
  await fc.assert(
    fc.asyncProperty(named, text, text, async (name, city, note) => {
      const address = { ...buyer.address, city };
      const { pdf } = await renderInvoice(
        invoiceOf([tokenLine(1, 1n)], { buyer: { ...buyer, name, address }, notes: [note] }),
      );
      // The first glyph of a font stands for what it does not have, and PDF/A forbids it.
      expect(pdfText(pdf).join("")).not.toContain("\u0000");
    }),
    {
      numRuns: 12,
      examples: [
        ["a\u200db\ufe0f", "\u202eabc", "\u0301 x\u00ad"],
        ["\u0760\u0762", "x\u0760", "\u0628\u0760\u0628"],
      ],
    },
  );
});

test.each([
  ["Ελληνική Εταιρεία", "Ελληνική Εταιρεία"],
  ["Компания «Звезда»", "Компания «Звезда»"],
  ["北京智能科技有限公司", "北京智能科技有限公司"],
  ["Łódź Nagykőrös Đà Nẵng", "Łódź Nagykőrös Đà Nẵng"],
])("the name %s is set in fonts that have it", async (name, expected) => {
  const { pdf } = await renderInvoice(invoiceOf([tokenLine(1, 1n)], { buyer: { ...buyer, name } }));
  expect(pdfText(pdf).join("").replaceAll("\n", "")).toContain(expected.replaceAll("\n", ""));
});

test("what runs from right to left stands in that order, with its brackets turned and its digits not", async () => {
  const { pdf } = await renderInvoice(
    invoiceOf([tokenLine(1, 1n)], { buyer: { ...buyer, name: "חברה (ישראל) 12 ABC" } }),
  );
  const shown = pdfText(pdf).join("").replaceAll("\n", "");
  expect(shown).toContain("ABC 12 (לארשי) הרבח");
});

test("every page of a long table has its head, and the totals never stand without a row", async () => {
  for (const count of [11, 12, 13, 14, 15, 16, 40, 200]) {
    const lines = Array.from({ length: count }, (_, index) => tokenLine(index + 1, BigInt(index)));
    const pages = pdfText((await renderInvoice(invoiceOf(lines))).pdf);
    for (const page of pages) {
      const hasRows = page.includes("large-chat-3");
      expect(page.includes("Unit price")).toBe(hasRows);
      if (page.includes("Total without VAT")) expect(hasRows).toBe(true);
    }
    expect(pages.join("").match(/large-chat-3/g)).toHaveLength(count);
  }
});

test("a description longer than a page is set whole", async () => {
  const description = Array.from({ length: 3000 }, (_, index) => `w${index}`).join(" ");
  const pages = pdfText((await renderInvoice(invoiceOf([tokenLine(1, 100n, { description })]))).pdf);
  expect(pages.length).toBeGreaterThan(3);
  expect(pages.join("").match(/\bw\d+/g)).toHaveLength(3000);
});

describe("the rules of the tests", () => {
  const xml = facturX(cases["a summary after advances"] ?? invoiceOf([]));
  test.each<[string, RegExp, string]>([
    ["BR-CO-16", /(<ram:DuePayableAmount>)[^<]+/, "$11.00"],
    ["BR-CO-10", /(<ram:LineTotalAmount>)123\.45/, "$1123.46"],
    ["BR-CO-14", /(<ram:TaxTotalAmount[^>]*>)[^<]+/, "$10.01"],
    ["BR-CO-17", /(<ram:CalculatedAmount>)[^<]+/, "$10.01"],
    ["BR-S-02", /<ram:SpecifiedTaxRegistration>[\s\S]*?<\/ram:SpecifiedTaxRegistration>/, ""],
    ["BR-S-05", /(<ram:RateApplicablePercent>)20.00/, "$10.00"],
    [
      "order",
      /(<ram:GrandTotalAmount>[^<]*<\/ram:GrandTotalAmount>)\s*(<ram:TotalPrepaidAmount>[^<]*<\/ram:TotalPrepaidAmount>)/,
      "$2$1",
    ],
  ])("see that %s is broken", (rule, what, by) => {
    expect(brokenRules(xml.replace(what, by))).toContain(rule);
  });
});
