import { columnOf, formatSum } from "#lib/core/money.ts";
import type { Figures, Measure } from "#lib/domain/usage/rules.ts";

export { type Figures, type Measure, measures } from "#lib/domain/usage/rules.ts";

export const measureWords: Record<Measure, string> = { cost: "Cost", tokens: "Tokens", requests: "Requests" };

const counts = new Intl.NumberFormat("en-IE");

export const formatCount = (count: number | bigint): string => counts.format(count);

/** Money and counts never share an axis, so every amount is read through one measure. */
export const amountOf: Record<Measure, (figures: Figures) => bigint> = {
  cost: ({ costPico }) => costPico,
  tokens: ({ promptTokens, completionTokens }) => BigInt(promptTokens + completionTokens),
  requests: ({ requests }) => BigInt(requests),
};

export const formatAmount = (measure: Measure, amount: bigint): string =>
  measure === "cost" ? formatSum(amount) : formatCount(amount);

/** For amounts that are read side by side, as an axis is. */
export const formatterOf = (measure: Measure, amounts: readonly bigint[]): ((amount: bigint) => string) =>
  measure === "cost" ? columnOf(amounts) : formatCount;

/** "+12 %", "−3 %", "new" where there was nothing to compare with, and nothing where there still is nothing. */
export function changeWords(now: bigint, before: bigint): string {
  if (before === 0n) return now === 0n ? "" : "new";
  const percent = Number(((now - before) * 1000n) / before) / 10;
  const rounded = Math.abs(percent) < 10 ? Math.round(percent * 10) / 10 : Math.round(percent);
  if (rounded === 0) return "±0 %";
  return `${rounded > 0 ? "+" : "−"}${formatCount(Math.abs(rounded))} %`;
}

/** "12 % more than €36.80 in the 30 days before". */
export function comparisonWords(now: bigint, before: bigint, format: (amount: bigint) => string, days: number): string {
  const time = days === 1 ? "the day before" : `the ${days} days before`;
  if (before === 0n) return `Nothing in ${time}`;
  const change = changeWords(now, before);
  if (change === "±0 %") return `As much as in ${time}: ${format(before)}`;
  const [direction, share] = [change.startsWith("+") ? "more" : "less", change.slice(1)];
  return `${share} ${direction} than ${format(before)} in ${time}`;
}
