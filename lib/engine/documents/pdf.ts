import { formatCents } from "#lib/core/money.ts";
import { drawHead } from "./head.ts";
import type { InvoiceDocument, Seller } from "./invoice.ts";
import { drawLines } from "./line-table.ts";
import { colors, inner, page, Sheet } from "./sheet.ts";
import { drawAdvances, drawTitle, drawTotals, heightOfTotals } from "./totals.ts";
import { type Line, lineHeight, type Style } from "./typesetter.ts";
import { ibanWords, titles } from "./words.ts";

const words: Style = { size: 9 };
const value: Style = { size: 8.5, tabular: true };
const label: Style = { size: 7.5, weight: "medium", color: colors.muted };
const foot: Style = { size: 7, color: colors.muted, tabular: true };

/** The pages of a document with its e-invoice attached: PDF/A-3, as Factur-X wants it. */
export async function invoicePdf(document: InvoiceDocument, xml: string): Promise<Buffer> {
  const title = `${titles[document.kind]} ${document.number}`;
  const sheet = new Sheet({ title, subject: "Factur-X", createdOn: document.issuedOn });
  drawHead(sheet, document);
  drawLines(sheet, document, heightOfTotals(sheet, document));
  drawTotals(sheet, document);
  drawAdvances(sheet, document);
  drawNotes(sheet, document);
  drawPayment(sheet, document);
  sheet.eachPage((number, count) => {
    if (!document.livemode) drawWatermark(sheet);
    drawFooter(sheet, document, number, count);
  });
  attach(sheet, document, xml);
  return sheet.finish();
}

function drawNotes(sheet: Sheet, { notes }: InvoiceDocument): void {
  if (notes.length === 0) return;
  sheet.need(44);
  drawTitle(sheet, "Notes");
  for (const note of notes) {
    for (const line of sheet.lines(note, inner.width, words)) {
      sheet.need(words.size * lineHeight);
      sheet.y += sheet.put([line], inner.left, sheet.y);
    }
    sheet.y += 3;
  }
}

/** How to pay: the terms, and where money goes if there is any to send. */
function drawPayment(sheet: Sheet, document: InvoiceDocument): void {
  const facts = document.kind === "credit_note" || document.due <= 0n ? [] : transferFacts(document);
  const terms = sheet.lines(document.paymentTerms, inner.width, words);
  if (document.paymentTerms.trim() === "" && facts.length === 0) return;
  const panel = panelOf(sheet, facts);
  sheet.need(30 + Math.min(terms.length * 13, 200) + panel.height);
  drawTitle(sheet, "Payment");
  for (const line of terms) {
    sheet.need(words.size * lineHeight);
    sheet.y += sheet.put([line], inner.left, sheet.y);
  }
  sheet.y += 8;
  drawPanel(sheet, panel);
}

type Panel = { facts: { name: string; lines: Line[]; width: number }[]; height: number };
const widths = [132, 162, 76, 85];

function panelOf(sheet: Sheet, facts: readonly [string, string][]): Panel {
  const set = facts.map(([name, text], index) => {
    const width = widths[index] ?? 80;
    return { name, width, lines: sheet.lines(text, width - 10, value) };
  });
  const most = Math.max(0, ...set.map(({ lines }) => lines.length));
  return { facts: set, height: most === 0 ? 0 : most * value.size * lineHeight + 33 };
}

/** What a transfer needs, side by side. */
function drawPanel(sheet: Sheet, { facts, height }: Panel): void {
  if (height === 0) return;
  sheet.panel(inner.left, sheet.y, inner.width, height);
  let x = inner.left + 16;
  for (const { name, lines, width } of facts) {
    sheet.text(name, x, sheet.y + 10, width, label);
    sheet.put(lines, x, sheet.y + 22);
    x += width + 4;
  }
  sheet.y += height;
}

function transferFacts({ seller, number, due }: InvoiceDocument): [string, string][] {
  if (seller.iban === null) return [];
  return [
    ["Account holder", seller.name],
    ["IBAN", ibanWords(seller.iban)],
    seller.bic === null ? ["Amount", formatCents(due)] : ["BIC", seller.bic],
    ["Reference", number],
  ];
}

function drawWatermark(sheet: Sheet): void {
  const { doc } = sheet;
  doc.save();
  doc.rotate(-52, { origin: [page.width / 2, page.height / 2] });
  const [line] = sheet.lines("TEST", 2000, { size: 190, weight: "semibold", color: colors.accent });
  if (line) {
    doc.opacity(0.07);
    sheet.loose([line], page.width / 2 - line.width / 2, page.height / 2 - 125);
  }
  doc.restore();
}

function drawFooter(sheet: Sheet, { seller, number, verifyUrl }: InvoiceDocument, at: number, count: number): void {
  const y = page.height - 56;
  sheet.rule(inner.left, inner.right, y);
  const width = inner.width - 70;
  const [who] = sheet.lines(registrationWords(seller), width, foot);
  const [check] = sheet.lines(`${number} · Check that this file is the issued one: ${verifyUrl}`, width, foot);
  if (who) sheet.loose([who], inner.left, y + 8);
  if (check) sheet.loose([check], inner.left, y + 19);
  sheet.loose(sheet.lines(`Page ${at} of ${count}`, 70, foot), 0, y + 8, inner.right);
}

const registrationWords = ({ name, registrationId, vatId }: Seller): string =>
  [name, registrationId && `Registered ${registrationId}`, vatId && `VAT ${vatId}`].filter(Boolean).join(" · ");

const extension = {
  schema: "Factur-X PDFA Extension Schema",
  uri: "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
  properties: {
    DocumentFileName: "The name of the embedded XML document",
    DocumentType: "The type of the hybrid document in capital letters",
    Version: "The version of the standard that applies to the embedded XML document",
    ConformanceLevel: "The conformance level of the embedded XML document",
  },
};

const file = "factur-x.xml";

/** PDF/A knows no property that it was not told of, so the schema of Factur-X is written out beside its values. */
function attach(sheet: Sheet, { issuedOn }: InvoiceDocument, xml: string): void {
  const at = new Date(`${issuedOn}T00:00:00Z`);
  sheet.doc.file(Buffer.from(xml), {
    name: file,
    type: "text/xml",
    description: "The same document as data: Factur-X, EN 16931",
    creationDate: at,
    modifiedDate: at,
    relationship: "Alternative",
  } as PDFKit.Mixins.PDFAttachmentOptions);
  const properties = Object.entries(extension.properties).map(
    ([name, description]) => `<rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>
      <pdfaProperty:category>external</pdfaProperty:category>
      <pdfaProperty:description>${description}</pdfaProperty:description></rdf:li>`,
  );
  sheet.doc.appendXML(`<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
      xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
    <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
      <pdfaSchema:schema>${extension.schema}</pdfaSchema:schema>
      <pdfaSchema:namespaceURI>${extension.uri}</pdfaSchema:namespaceURI>
      <pdfaSchema:prefix>fx</pdfaSchema:prefix>
      <pdfaSchema:property><rdf:Seq>${properties.join("")}</rdf:Seq></pdfaSchema:property>
    </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:fx="${extension.uri}">
    <fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>${file}</fx:DocumentFileName>
    <fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
  </rdf:Description>`);
}
