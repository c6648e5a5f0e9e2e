import { type Cents, cents, divideRounded, type Pico, picoOfCents } from "#lib/core/money.ts";
import type { InvoiceLine, InvoiceTax } from "#lib/engine/documents/invoice.ts";

const picoPerCent = picoOfCents(1n);

/** What exact amounts come to on a document, which rounds once: half away from zero on their sum. */
export const roundedSum = (exact: readonly Pico[]): Cents =>
  cents(
    divideRounded(
      exact.reduce<bigint>((sum, amount) => sum + amount, 0n),
      picoPerCent,
    ),
  );

/**
 * The cents of each line by the largest remainder: they add up to the total, and none is a whole cent away from what
 * it exactly is. Lines that lose alike give way to those before them.
 */
export function splitCents(exact: readonly Pico[], total: Cents): Cents[] {
  const lines = exact.map((amount, index) => {
    const whole = floorDivided(amount, picoPerCent);
    return { index, whole, remainder: amount - whole * picoPerCent };
  });
  const missing = total - lines.reduce((sum, { whole }) => sum + whole, 0n);
  const rounded = lines.filter(({ remainder }) => remainder > 0n);
  if (missing < 0n || missing > BigInt(rounded.length)) {
    throw new Error(`A total of ${total} cents is not what these lines come to.`);
  }
  const raised = new Set(
    rounded
      .toSorted((a, b) => compared(b.remainder, a.remainder) || a.index - b.index)
      .slice(0, Number(missing))
      .map(({ index }) => index),
  );
  return lines.map(({ index, whole }) => cents(whole + (raised.has(index) ? 1n : 0n)));
}

/** Division of bigints cuts towards zero; this one goes down. */
const floorDivided = (amount: bigint, by: bigint): bigint => (amount - (((amount % by) + by) % by)) / by;

const compared = (a: bigint, b: bigint): number => (a === b ? 0 : a < b ? -1 : 1);

/** The VAT of a document: for each category and rate on the sum of its lines, never line by line (BR-CO-17). */
export function taxesOf(
  lines: readonly Pick<InvoiceLine, "amount" | "vatCategory" | "vatRate">[],
): Omit<InvoiceTax, "note">[] {
  const bases = new Map<string, Pick<InvoiceTax, "category" | "rate"> & { base: bigint }>();
  for (const { amount, vatCategory: category, vatRate: rate } of lines) {
    const key = `${category} ${rate}`;
    const known = bases.get(key) ?? { category, rate, base: 0n };
    bases.set(key, { ...known, base: known.base + amount });
  }
  return [...bases.values()].map(({ category, rate, base }) => ({
    category,
    rate,
    base: cents(base),
    tax: cents(divideRounded(base * BigInt(rate), 10_000n)),
  }));
}
