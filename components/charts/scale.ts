/** The next 1, 2 or 5 times a power of ten: where an axis ends. */
export function niceCeiling(value: bigint): bigint {
  if (value <= 0n) return 1n;
  const magnitude = 10n ** BigInt(String(value).length - 1);
  const factor = [1n, 2n, 5n, 10n].find((factor) => magnitude * factor >= value) ?? 10n;
  return magnitude * factor;
}

const precision = 100_000n;

/** The share of a part as a number, for geometry only. */
export const shareOf = (part: bigint, whole: bigint): number =>
  whole === 0n ? 0 : Number((part * precision) / whole) / Number(precision);
