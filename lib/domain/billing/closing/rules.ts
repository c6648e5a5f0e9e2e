import type { UsageToBill } from "#lib/domain/billing/invoices/rules.ts";

type Sums = { net: bigint; tax: bigint; total: bigint };
export type Advance = {
  id: string;
  state: string;
  /** What is left of it after credit notes. */
  netCents: bigint;
  taxCents: bigint;
  totalCents: bigint;
  paidCents: bigint;
  creditUsedCents: bigint;
  creditedCents: bigint;
  /** The state of its last attempt; null when nothing was tried. A page no one has paid on yet is nothing tried. */
  payment: string | null;
};

/** What becomes of an advance when its month is closed. */
export type Fate = "applied" | "canceled" | "waits" | "over";

/**
 * T-5.2-EOC: an advance that is paid, or whose money is on its way, is taken off; one that was never collected is canceled and
 * falls into the month's invoice. While an attempt's outcome is unknown, the month cannot be closed.
 */
export function fateOf({ state, totalCents, payment }: Advance): Fate {
  if (state === "void" || totalCents === 0n) return "over";
  if (state === "paid") return "applied";
  if (payment === "created" || payment === "unknown") return "waits";
  return payment === "processing" ? "applied" : "canceled";
}

/** Advances in one sum. */
export const sumOf = (advances: readonly Advance[]): Sums =>
  advances.reduce(
    (sum, { netCents, taxCents, totalCents }) => ({
      net: sum.net + netCents,
      tax: sum.tax + taxCents,
      total: sum.total + totalCents,
    }),
    { net: 0n, tax: 0n, total: 0n },
  );

/** Months before the one that is closed come after it was billed: they keep their own date. */
export const inOrder = (usage: readonly UsageToBill[]): UsageToBill[] =>
  usage.toSorted(
    (a, b) =>
      a.month.localeCompare(b.month) ||
      a.workspaceName.localeCompare(b.workspaceName) ||
      a.workspaceId.localeCompare(b.workspaceId) ||
      a.modelName.localeCompare(b.modelName) ||
      Number(a.inputMicros - b.inputMicros),
  );
