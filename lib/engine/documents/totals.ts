import { formatCents } from "#lib/core/money.ts";
import type { InvoiceDocument, InvoiceTax } from "./invoice.ts";
import { colors, inner, type Sheet } from "./sheet.ts";
import { lineHeight, type Style } from "./typesetter.ts";
import { categoryWords, dateWords, rateWords } from "./words.ts";

const left = 252;
const right = { from: inner.right - 214, to: inner.right, width: 214 };
const plain: Style = { size: 9.5, tabular: true };
const strong: Style = { size: 11.5, weight: "semibold", tabular: true };
const head: Style = { size: 7.5, weight: "medium", color: colors.muted };
const cell: Style = { size: 8.5, tabular: true };
const small: Style = { size: 7.5, color: colors.muted };

type Total = { name: string; amount: string; isStrong: boolean };

/** Net, tax, total and what is left to pay. */
function totalsOf({ kind, net, tax, total, advances, prepaid, due }: InvoiceDocument): Total[] {
  const rows: Total[] = [
    { name: "Total without VAT", amount: formatCents(net), isStrong: false },
    { name: "VAT", amount: formatCents(tax), isStrong: false },
    { name: kind === "credit_note" ? "Total credited" : "Total", amount: formatCents(total), isStrong: true },
  ];
  if (kind === "credit_note") return rows;
  if (prepaid !== 0n) {
    const name = advances.length > 0 ? "Advance payments" : "Paid";
    rows.push({ name, amount: formatCents(-prepaid), isStrong: false });
  }
  return [...rows, { name: "To pay", amount: formatCents(due), isStrong: true }];
}

const totalHeight = ({ isStrong }: Total): number => (isStrong ? 25 : 18);

const taxColumns = { rate: inner.left + 120, base: inner.left + 186, tax: inner.left + left };
const taxRow = 16;

const taxWords = (sheet: Sheet, { note }: InvoiceTax) => (note === null ? [] : sheet.lines(note, left, small));

const taxesHeight = (sheet: Sheet, { taxes }: InvoiceDocument): number =>
  taxes.reduce(
    (sum, tax) => sum + taxRow + taxWords(sheet, tax).length * small.size * lineHeight,
    head.size * lineHeight + 10,
  );

/** The room that totals and taxes need; they are never torn. */
export const heightOfTotals = (sheet: Sheet, document: InvoiceDocument): number =>
  14 +
  Math.max(
    totalsOf(document).reduce((sum, total) => sum + totalHeight(total), 0),
    taxesHeight(sheet, document),
  );

export function drawTotals(sheet: Sheet, document: InvoiceDocument): void {
  sheet.need(heightOfTotals(sheet, document));
  const top = sheet.y + 10;
  const height = heightOfTotals(sheet, document);
  drawTaxes(sheet, document, top);
  let y = top;
  for (const total of totalsOf(document)) {
    const style = total.isStrong ? strong : plain;
    if (total.isStrong) sheet.rule(right.from, right.to, y + 1, { color: colors.strong, width: 0.8 });
    const at = y + (total.isStrong ? 5 : 2);
    sheet.text(total.name, right.from, at, right.width / 2, style);
    sheet.figure(total.amount, right.to, at, style);
    y += totalHeight(total);
  }
  sheet.y += height;
}

function drawTaxes(sheet: Sheet, { taxes }: InvoiceDocument, top: number): void {
  sheet.group("Table", () => {
    sheet.group("TR", () => {
      sheet.text("VAT", inner.left, top, 100, head, "TH");
      sheet.figure("Rate", taxColumns.rate, top, head, "TH");
      sheet.figure("Base", taxColumns.base, top, head, "TH");
      sheet.figure("Tax", taxColumns.tax, top, head, "TH");
    });
    let y = top + head.size * lineHeight + 3;
    sheet.rule(inner.left, inner.left + left, y, { color: colors.strong });
    y += 4;
    for (const tax of taxes) {
      sheet.group("TR", () => {
        sheet.text(categoryWords(tax.category), inner.left, y, 100, cell, "TD");
        sheet.figure(tax.category === "O" ? "–" : rateWords(tax.rate), taxColumns.rate, y, cell, "TD");
        sheet.figure(formatCents(tax.base), taxColumns.base, y, cell, "TD");
        sheet.figure(formatCents(tax.tax), taxColumns.tax, y, cell, "TD");
      });
      y += taxRow;
      const words = taxWords(sheet, tax);
      if (words.length > 0) y += sheet.put(words, inner.left, y - 2);
    }
  });
}

/** Each advance with the document that asked for it. */
export function drawAdvances(sheet: Sheet, { advances }: InvoiceDocument): void {
  if (advances.length === 0) return;
  sheet.need(28 + 2 * taxRow);
  drawTitle(sheet, "Advance payments deducted");
  sheet.group("Table", () => {
    for (const advance of advances) {
      sheet.need(taxRow + 2);
      const y = sheet.y;
      sheet.group("TR", () => {
        sheet.text(advance.number, inner.left, y, 190, cell, "TD");
        sheet.text(dateWords(advance.issuedOn), inner.left + 200, y, 130, cell, "TD");
        sheet.figure(formatCents(-advance.total), inner.right, y, cell, "TD");
      });
      sheet.y += taxRow;
      sheet.rule(inner.left, inner.right, sheet.y - 2);
    }
  });
  sheet.y += 4;
}

export function drawTitle(sheet: Sheet, text: string): void {
  sheet.y += 8;
  sheet.y += sheet.text(text, inner.left, sheet.y, inner.width, { size: 9.5, weight: "semibold" }, "H2") + 4;
}
