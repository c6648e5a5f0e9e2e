import { formatCents } from "#lib/core/money.ts";
import type { Address, InvoiceDocument } from "./invoice.ts";
import { colors, inner, type Sheet } from "./sheet.ts";
import { lineHeight, type Style } from "./typesetter.ts";
import { countryWords, dateWords, periodWords, testSentence, titles } from "./words.ts";

const label: Style = { size: 7.5, color: colors.muted, weight: "medium" };
const value: Style = { size: 9.5, tabular: true };
const small: Style = { size: 8.5, color: colors.muted };
const half = inner.width / 2 - 12;

/** Who sends what to whom, and the facts of it. */
export function drawHead(sheet: Sheet, document: InvoiceDocument): void {
  const top = sheet.y;
  const left = drawSeller(sheet, document, top);
  const right = drawTitle(sheet, document, top);
  sheet.y = Math.max(left, right) + 16;
  if (!document.livemode) drawTestMode(sheet);
  drawAmount(sheet, document);
  const begin = sheet.y;
  const buyer = drawBuyer(sheet, document, begin);
  const facts = drawFacts(sheet, document, begin);
  sheet.y = Math.max(buyer, facts) + 18;
}

function drawSeller(sheet: Sheet, { seller }: InvoiceDocument, top: number): number {
  sheet.ornament(() => sheet.doc.fillColor(colors.accent).rect(inner.left, top, 28, 3).fill());
  let y = top + 14;
  y += sheet.text(seller.name, inner.left, y, half, { size: 13, weight: "semibold" }) + 3;
  for (const line of [addressLines(seller.address).join(", "), seller.email])
    y += sheet.text(line, inner.left, y, half, small);
  if (seller.vatId) y += sheet.text(`VAT ${seller.vatId}`, inner.left, y, half, small);
  return y;
}

function drawTitle(sheet: Sheet, document: InvoiceDocument, top: number): number {
  let y = top + 8;
  y += sheet.textTo(titles[document.kind], inner.right, y, half, { size: 20, weight: "semibold" }, "H1") + 1;
  y += sheet.textTo(document.number, inner.right, y, half, { size: 11, color: colors.muted, tabular: true });
  return y;
}

function drawTestMode(sheet: Sheet): void {
  sheet.panel(inner.left, sheet.y, inner.width, 24, "#fdf3e1");
  sheet.text(testSentence, inner.left + 12, sheet.y + 6, inner.width - 24, {
    size: 9,
    weight: "medium",
    color: "#8a5a00",
  });
  sheet.y += 36;
}

/** The one figure everyone looks for. */
function drawAmount(sheet: Sheet, document: InvoiceDocument): void {
  const big: Style = { size: 17, weight: "semibold", tabular: true };
  const lines = sheet.lines(amountWords(document), inner.width - 32, big);
  const height = lines.length * big.size * lineHeight + 20;
  sheet.panel(inner.left, sheet.y, inner.width, height);
  sheet.put(lines, inner.left + 16, sheet.y + 10);
  sheet.y += height + 18;
}

function amountWords({ kind, due, total, dueOn }: InvoiceDocument): string {
  if (kind === "credit_note") return `${formatCents(total)} credited`;
  if (due <= 0n) return "Nothing to pay";
  return dueOn === null ? `${formatCents(due)} due` : `${formatCents(due)} due on ${dateWords(dueOn)}`;
}

function drawBuyer(sheet: Sheet, { buyer, kind }: InvoiceDocument, top: number): number {
  let y = top + sheet.text(kind === "credit_note" ? "Credited to" : "Billed to", inner.left, top, half, label) + 2;
  y += sheet.text(buyer.name, inner.left, y, half, { size: 11, weight: "semibold" }) + 2;
  for (const line of [...addressLines(buyer.address), buyer.email]) {
    y += sheet.text(line, inner.left, y, half, { size: 9 });
  }
  if (buyer.vatId) y += sheet.text(`VAT ${buyer.vatId}`, inner.left, y, half, { size: 9 });
  return y;
}

export const addressLines = ({ line1, line2, postalCode, city, country }: Address): string[] =>
  [line1, line2 ?? "", `${postalCode} ${city}`.trim(), countryWords(country)].filter((line) => line.trim() !== "");

type Fact = [string, string];

function factsOf(document: InvoiceDocument): Fact[] {
  const { issuedOn, from, to, dueOn, purchaseOrder, corrects, buyer } = document;
  const facts: [string, string | null][] = [
    ["Issued", dateWords(issuedOn)],
    ["Due", dueOn === null ? null : dateWords(dueOn)],
    ["Period", periodWords(from, to)],
    ["Purchase order", purchaseOrder],
    ["Customer number", buyer.organizationId],
    ["Corrects", corrects.map(({ number, issuedOn: on }) => `${number} of ${dateWords(on)}`).join(", ") || null],
  ];
  return facts.filter((fact): fact is Fact => fact[1] !== null);
}

/** Two columns of a label with its value beneath; a long value takes the whole width. */
function drawFacts(sheet: Sheet, document: InvoiceDocument, top: number): number {
  const left = inner.left + inner.width / 2 + 12;
  const column = (half - 16) / 2;
  const isWide = ([, text]: Fact): boolean => sheet.lines(text, column, value).length > 1;
  let y = top;
  for (const row of inRows(factsOf(document), isWide)) {
    const width = row.some(isWide) ? half : column;
    const heights = row.map(([name, text], index) => {
      const x = left + index * (column + 16);
      const height = sheet.text(name, x, y, width, label) + 1;
      return height + sheet.text(text, x, y + height, width, value);
    });
    y += Math.max(...heights) + 9;
  }
  return y - 9;
}

/** Pairs, except that what is wide stands alone. */
function inRows(facts: readonly Fact[], isWide: (fact: Fact) => boolean): Fact[][] {
  const rows: Fact[][] = [];
  for (const fact of facts) {
    const last = rows.at(-1);
    if (last?.length === 1 && !last.some(isWide) && !isWide(fact)) last.push(fact);
    else rows.push([fact]);
  }
  return rows;
}
