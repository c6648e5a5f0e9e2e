// Tenths of a power of ten whose half is round as well.
const steps = [10n, 12n, 16n, 20n, 24n, 30n, 40n, 50n, 60n, 80n, 100n];
const smallSteps = [2n, 4n, 6n, 8n, 10n];

/** The next round number: where an axis ends; one where there is nothing. Half of it, the middle line, is round too. */
export function niceCeiling(value: bigint): bigint {
  if (value === 0n) return 0n;
  if (value <= 10n) return smallSteps.find((step) => step >= value) ?? 10n;
  const tenth = 10n ** BigInt(String(value).length - 2);
  return (steps.find((step) => step * tenth >= value) ?? 100n) * tenth;
}

const precision = 100_000n;

/** The share of a part as a number, for geometry only. */
export const shareOf = (part: bigint, whole: bigint): number =>
  whole === 0n ? 0 : Number((part * precision) / whole) / Number(precision);
