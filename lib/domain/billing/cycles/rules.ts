import { endOfMonth, startOfDay } from "#lib/core/clock.ts";

/** Consumption thresholds that hold (T-5.2-ADV1): which document says them, and net amounts in cents, ascending. */
export type Thresholds = {
  ref: string;
  /** The document, as people know it; not kept with a cycle. */
  title?: string;
  amounts: readonly bigint[];
  /** After the last one, another each time this much more is used; null: none. */
  step: bigint | null;
};

const picoPerCent = 10_000_000_000n;
/** However much is used, so many advances at most come of one look; the next look goes on. */
const mostAtOnce = 50;

/** The first threshold above an amount in cents; null when there is none. */
export function nextThreshold({ amounts, step }: Thresholds, aboveCents: bigint): bigint | null {
  const found = amounts.find((amount) => amount > aboveCents);
  if (found !== undefined) return found;
  if (step === null) return null;
  const last = amounts.at(-1) ?? 0n;
  return last + ((aboveCents - last) / step + 1n) * step;
}

export type Crossing = { thresholdCents: bigint; netCents: bigint };

/**
 * T-5.2-ADV2: the thresholds that use has met or surpassed since the last one that counted, each with what lies between it and
 * the one before. Independent of how use came about: one jump gives what many small steps give. `chargedCents`
 * is the highest threshold an advance was issued for in this cycle; `floorCents` what was passed before these held.
 */
export function crossings(
  thresholds: Thresholds,
  { usedPico, chargedCents, floorCents }: { usedPico: bigint; chargedCents: bigint; floorCents: bigint },
): Crossing[] {
  const found: Crossing[] = [];
  const usedCents = usedPico / picoPerCent;
  let from = chargedCents;
  let at = chargedCents > floorCents ? chargedCents : floorCents;
  while (found.length < mostAtOnce) {
    const next = nextThreshold(thresholds, at);
    if (next === null || next > usedCents) return found;
    const below = previousThreshold(thresholds, next);
    if (below > from) from = below;
    found.push({ thresholdCents: next, netCents: next - from });
    from = next;
    at = next;
  }
  return found;
}

/** The threshold before one; nothing before the first. */
function previousThreshold({ amounts, step }: Thresholds, of: bigint): bigint {
  const lower = amounts.findLast((amount) => amount < of) ?? 0n;
  const last = amounts.at(-1) ?? 0n;
  return step !== null && of > last && of - step > lower ? of - step : lower;
}

/** A cycle is a calendar month in UTC, from its first instant until just before the next one's. */
export const cycleOf = (month: string): { startsAt: Date; endsAt: Date } => ({
  startsAt: startOfDay(month),
  endsAt: endOfMonth(month),
});

/** The first day of the month after one. */
export const monthAfter = (month: string): string => endOfMonth(month).toISOString().slice(0, 10);

/** The last day of a month (UTC). */
export const lastDayOfMonth = (month: string): string =>
  new Date(endOfMonth(month).getTime() - 1).toISOString().slice(0, 10);

type Collection = "auto" | "send_invoice";

/** An account as its contract has it collected: by transfer where an order says so, whatever it has as a method. */
export const underTerms = <A extends { collection: Collection }>(account: A, terms: { collection: Collection }): A =>
  terms.collection === "send_invoice" ? { ...account, collection: "send_invoice" } : account;
