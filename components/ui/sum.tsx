import { exactEuros, formatSum, isWholeCents } from "#lib/core/money.ts";

/** A total of money in cents, with the exact amount on hover where that is another. */
export const Sum = ({ pico }: { pico: bigint }) => (
  <span className="tabular" title={isWholeCents(pico) ? undefined : exactEuros(pico)}>
    {formatSum(pico)}
  </span>
);
