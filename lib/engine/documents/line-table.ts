import { formatCents } from "#lib/core/money.ts";
import type { InvoiceDocument, InvoiceLine } from "./invoice.ts";
import { colors, inner, type Sheet } from "./sheet.ts";
import { type Line, lineHeight, type Style } from "./typesetter.ts";
import { periodWords, priceWords, quantityWords, rateWords, unitWords } from "./words.ts";

const head: Style = { size: 7.5, weight: "medium", color: colors.muted };
const body: Style = { size: 9 };
const figure: Style = { size: 9, tabular: true };
const below: Style = { size: 7.5, color: colors.muted };
const gap = 5.5;

const columns = { quantity: inner.right - 190, price: inner.right - 110, vat: inner.right - 72, amount: inner.right };
const descriptionWidth = inner.width - 286;

/** What a row sets in each column, as lines that are already broken. */
type Row = { left: Line[]; quantity: Line[]; price: Line[]; vat: Line[]; amount: Line[]; height: number };

/**
 * The lines. The head of the table repeats on every page; a row is never torn unless no page could hold it; and the
 * last row moves to the page of the totals, which need the height given.
 */
export function drawLines(sheet: Sheet, document: InvoiceDocument, heightBelow: number): void {
  const rows = document.lines.flatMap((line) => rowsOf(sheet, line, document));
  sheet.group("Table", () => {
    // One row alone under the head of the table would look lost.
    sheet.need(headHeight + (rows[0]?.height ?? 0) + Math.min(rows[1]?.height ?? 0, 60));
    drawTableHead(sheet);
    sheet.onPage = () => drawTableHead(sheet);
    rows.forEach((row, index) => {
      const isLast = index === rows.length - 1;
      const together = row.height + heightBelow;
      sheet.need(isLast && together < sheet.pageRoom ? together : row.height);
      drawRow(sheet, row);
    });
    sheet.onPage = null;
  });
}

const headHeight = 22;

function drawTableHead(sheet: Sheet): void {
  const y = sheet.y;
  sheet.group("TR", () => {
    sheet.text("Description", inner.left, y, descriptionWidth, head, "TH");
    sheet.figure("Quantity", columns.quantity, y, head, "TH");
    sheet.figure("Unit price", columns.price, y, head, "TH");
    sheet.figure("VAT", columns.vat, y, head, "TH");
    sheet.figure("Amount", columns.amount, y, head, "TH");
  });
  sheet.rule(inner.left, inner.right, y + 15, { color: colors.strong, width: 0.8 });
  sheet.y = y + headHeight;
}

/** One row, or several where the words are too many for a page: the figures stand in the first. */
function rowsOf(sheet: Sheet, line: InvoiceLine, { from, to }: InvoiceDocument): Row[] {
  const isWholePeriod = line.from === from && line.to === to;
  const about = [line.detail, isWholePeriod ? null : periodWords(line.from, line.to)].filter(Boolean).join(" · ");
  const unit = unitWords(line);
  const left = [
    ...sheet.lines(line.description, descriptionWidth, body),
    ...(about === "" ? [] : sheet.lines(about, descriptionWidth, below)),
  ];
  const figures = {
    quantity: two(sheet, quantityWords(line.quantity), unit.quantity),
    price: two(sheet, priceWords(line.unitMicros), unit.price),
    vat: [sheet.line(line.vatCategory === "O" ? "–" : rateWords(line.vatRate), figure)],
    amount: [sheet.line(formatCents(line.amount), figure)],
  };
  const [first = [], ...more] = pagefuls(left, sheet.pageRoom - headHeight);
  const none = { quantity: [], price: [], vat: [], amount: [] };
  return [rowOf(first, figures), ...more.map((lines) => rowOf(lines, none))];
}

/** Figures are never broken. */
const two = (sheet: Sheet, text: string, unit: string): Line[] => [
  sheet.line(text, figure),
  ...(unit === "" ? [] : [sheet.line(unit, below)]),
];

const rowOf = (left: Line[], figures: Omit<Row, "left" | "height">): Row => ({
  left,
  ...figures,
  height: Math.max(...[left, ...Object.values(figures)].map(heightOf)) + 2 * gap,
});

const heightOf = (lines: readonly Line[]): number => lines.reduce((sum, { style }) => sum + style.size * lineHeight, 0);

function pagefuls(lines: readonly Line[], room: number): Line[][] {
  const pages: Line[][] = [[]];
  for (const line of lines) {
    const last = pages[pages.length - 1] ?? [];
    if (heightOf([...last, line]) + 2 * gap > room) pages.push([line]);
    else last.push(line);
  }
  return pages;
}

function drawRow(sheet: Sheet, row: Row): void {
  const y = sheet.y + gap - 3;
  sheet.group("TR", () => {
    putMixed(sheet, row.left, inner.left, y, undefined);
    putMixed(sheet, row.quantity, 0, y, columns.quantity);
    putMixed(sheet, row.price, 0, y, columns.price);
    putMixed(sheet, row.vat, 0, y, columns.vat);
    putMixed(sheet, row.amount, 0, y, columns.amount);
  });
  sheet.y += row.height;
  sheet.rule(inner.left, inner.right, sheet.y - 3);
}

/** Lines of two sizes beneath each other, in one cell. */
function putMixed(sheet: Sheet, lines: readonly Line[], x: number, y: number, right: number | undefined): void {
  const [large = [], small = []] = [
    lines.filter(({ style }) => style.size === body.size),
    lines.filter(({ style }) => style.size !== body.size),
  ];
  const where = right === undefined ? { tag: "TD" as const } : { tag: "TD" as const, right };
  const height = large.length > 0 ? sheet.put(large, x, y, where) : 0;
  if (small.length > 0) sheet.put(small, x, y + height, where);
}
