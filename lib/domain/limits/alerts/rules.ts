type Spending = { limitPico: bigint; settledPico: bigint; alertPercents: readonly number[] };

/**
 * T-4.2.2.2-LIM3: the steps that are reached and were not written about in this cycle. One letter goes out, for the
 * highest step that is reached, and only if that one is new: who was told of 100 per cent need not hear of 80.
 */
export function dueAlerts(
  { limitPico, settledPico, alertPercents }: Spending,
  sent: readonly number[],
  isReached: boolean,
): { due: number[]; letter: number | null } {
  const crossed = alertPercents.filter((percent) => isReached || settledPico * 100n >= limitPico * BigInt(percent));
  const due = crossed.filter((percent) => !sent.includes(percent));
  const highest = Math.max(...crossed);
  return { due, letter: due.includes(highest) ? highest : null };
}
