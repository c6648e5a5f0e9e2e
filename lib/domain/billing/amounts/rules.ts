import { divideRounded } from "#lib/core/money.ts";

const picoPerCent = 10_000_000_000n;

/** An exact sum as a document has it: rounded once, half away from zero. */
export const totalCents = (exactPico: bigint): bigint => divideRounded(exactPico, picoPerCent);

/** The part of a cent that is left when an amount is rounded down. */
const fractionOf = (exact: bigint): bigint => ((exact % picoPerCent) + picoPerCent) % picoPerCent;

/**
 * Lines in cents that sum to exactly the total, each within a cent of what it is exactly: all are rounded down, and the cents
 * that are missing go where most was cut off.
 */
export function splitCents(exact: readonly bigint[], total: bigint): bigint[] {
  const amounts = exact.map((amount) => (amount - fractionOf(amount)) / picoPerCent);
  const missing = Number(total - amounts.reduce((sum, amount) => sum + amount, 0n));
  const order = exact
    .map((amount, at) => ({ at, cut: fractionOf(amount) }))
    .toSorted((a, b) => (a.cut === b.cut ? a.at - b.at : a.cut > b.cut ? -1 : 1));
  for (const { at } of order.slice(0, missing)) amounts[at] = (amounts[at] ?? 0n) + 1n;
  return amounts;
}

type Taxed = { amount: bigint; category: "S" | "AE" | "O" | "E"; rate: number };
export type TaxRow = { category: Taxed["category"]; rate: number; base: bigint; tax: bigint };

/** VAT for each category and rate, on the sum of its lines: rounded once, as EN 16931 has it (BR-CO-17). */
export function taxesOf(lines: readonly Taxed[]): TaxRow[] {
  const rows: TaxRow[] = [];
  for (const { amount, category, rate } of lines) {
    const row = rows.find((one) => one.category === category && one.rate === rate);
    if (row) row.base += amount;
    else rows.push({ category, rate, base: amount, tax: 0n });
  }
  return rows.map((row) => ({ ...row, tax: divideRounded(row.base * BigInt(row.rate), 10_000n) }));
}
