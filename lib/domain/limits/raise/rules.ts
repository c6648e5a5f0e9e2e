/** More may be spent than before: a higher limit, or none where there was one. */
export const isRaise = (before: bigint | null, after: bigint | null): boolean =>
  before !== null && (after === null || after > before);
